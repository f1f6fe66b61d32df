namespace SingleWindowBridge;

/// <summary>What is found wrong with a file on this side of the wire.</summary>
internal static class FileErrors
{
    public static FileRejectedException TooLarge(string operation, Guid requestId) => new(new SingleWindowError
    {
        Reason = ErrorReason.FileTooLarge,
        StatusCode = RpcStatusCode.InvalidArgument,
        MessageZh = "文件不得超过4MB（4,194,304字节）。请降低扫描分辨率或拆分文件。",
        MessageEn = "A file may have at most 4,194,304 bytes (4 MiB). Scan at a lower resolution, or split it.",
        Operation = operation,
        RequestId = requestId,
    });

    public static FileDamagedException Damaged(string operation, string expected, string actual, Guid? requestId = null) => new(new SingleWindowError
    {
        Reason = ErrorReason.FileHashMismatch,
        StatusCode = RpcStatusCode.DataLoss,
        MessageZh = $"文件在传输中损坏：应为 {expected}，实为 {actual}。请重新传输整个文件。",
        MessageEn = $"The file was damaged on its way: {expected} was announced, {actual} came. Move the whole file again.",
        Operation = operation,
        RequestId = requestId,
    });
}
