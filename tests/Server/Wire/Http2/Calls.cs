using Google.Protobuf;

namespace SingleWindowBridge.Server.Tests.Wire.Http2;

/// <summary>The headers and messages of calls that the server takes.</summary>
public static class Calls
{
    public const string Key = "Bearer first-authority-key";

    public const string Health = "/grpc.health.v1.Health/Check";
    public const string Cases = "/singlewindow.bridge.v1.CaseService/ListCases";
    public const string Receipts = "/singlewindow.bridge.v1.ReceiptService/ListReceipts";
    public const string Watch = "/singlewindow.bridge.v1.ReceiptService/WatchReceipts";
    public const string Upload = "/singlewindow.bridge.v1.FileService/UploadFile";
    public const string Download = "/singlewindow.bridge.v1.FileService/DownloadFile";

    /// <summary>The headers of a call, with these beside or in place of the usual ones; one without a value is left out.</summary>
    public static IReadOnlyList<(string Name, string Value)> To(string path, params (string Name, string? Value)[] other)
    {
        List<(string Name, string Value)> usual =
        [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "bridge"), ("te", "trailers"),
            ("content-type", "application/grpc"), ("authorization", Key),
        ];
        var replaced = other.Where(field => usual.Any(it => it.Name == field.Name)).Select(field => field.Name).ToHashSet();
        return
        [
            .. usual.Select(field => replaced.Contains(field.Name) ? other.First(it => it.Name == field.Name) : (field.Name, Value: field.Value))
                .Concat(other.Where(field => !replaced.Contains(field.Name)))
                .Where(field => field.Value is not null).Select(field => (field.Name, field.Value!)),
        ];
    }

    /// <summary>A message, framed.</summary>
    public static byte[] Framed(this IMessage message) => Frames.Message(message.ToByteArray());
}
