using System.Security.Cryptography;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Limits;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Files;

public sealed partial class FileEndpoints
{
    /// <inheritdoc/>
    public override async Task<UploadFileResponse> UploadFile(
        IAsyncStreamReader<UploadFileRequest> requestStream, ServerCallContext context)
    {
        using var pace = new UploadPace(limits, clock, context.CancellationToken);
        var header = await ReadHeaderAsync(requestStream, pace);
        var use = context.Use();
        use.Upload(header.SizeBytes);
        using var held = new HeldBytes(use);
        var content = await ReadContentAsync(header, requestStream, pace, held);
        FileRules.CheckContent(header.Name, content, files.MostPixels, "chunk");

        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        if (header.Sha256.Length > 0 && !sha256.Equals(header.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new BridgeException(ErrorReason.FileHashMismatch, ("sha256", sha256));

        var authorityId = context.Account().AuthorityId;
        var hash = RequestTable.Hash(new UploadFileHeader(header) { Sha256 = sha256 });
        return await use.StoreAsync(
            () => database.WriteAsync(
                Scope.Of(authorityId),
                async sql =>
                {
                    var requests = new RequestTable(sql, authorityId, header.RequestId);
                    if (await requests.FindAsync<UploadFileResponse>(hash) is { } before)
                        return before;

                    await sql.CountUploadAsync(authorityId, content.Length, files);
                    var now = clock.GetUtcNow();
                    var file = await sql.AddFileAsync(authorityId, header.Name, content, FileOrigin.Authority, now);
                    var answer = new UploadFileResponse { File = file };
                    await requests.KeepAsync(hash, answer, now);

                    // Last: the content is written before the chain is locked, so that nobody waits for that.
                    await sql.AuditAsync(authorityId, Origin.OfAuthority(context, header.RequestId, hash), "", $"STORED {file.FileId}", now);
                    return answer;
                },
                context.CancellationToken),
            context.CancellationToken);
    }

    private static async Task<UploadFileHeader> ReadHeaderAsync(
        IAsyncStreamReader<UploadFileRequest> requestStream, UploadPace pace)
    {
        if (!await pace.NextAsync(requestStream, received: 0, declared: 0)
            || requestStream.Current.PartCase != UploadFileRequest.PartOneofCase.Header)
        {
            throw new BridgeException(ErrorReason.UploadOutOfOrder);
        }

        var header = requestStream.Current.Header;
        var rules = new FieldRules();
        rules.RequestId(header.RequestId, "header.request_id");
        if (rules.Text("header.name", header.Name, FileNames.MostCharacters, required: true) && !FileNames.IsPlain(header.Name))
        {
            rules.Add(
                "header.name", FieldProblemCode.Malformed, "文件名不能含有路径、控制字符或改变书写方向的字符。",
                "The name must hold no path, no control character and no mark that turns the direction of writing.");
        }

        rules.Range("header.size_bytes", Math.Min(header.SizeBytes, 1), 1, FileRules.MostBytes);
        if (header.Sha256.Length > 0 && !(header.Sha256.Length == 64 && header.Sha256.All(char.IsAsciiHexDigit)))
            rules.Add("header.sha256", FieldProblemCode.Malformed, "应为 64 位十六进制数字。", "Must be 64 hexadecimal digits.");
        rules.ThrowIfAny();

        FileRules.CheckSize(header.SizeBytes);
        FileRules.CheckName(header.Name, "header.name");
        return header;
    }

    private static async Task<byte[]> ReadContentAsync(
        UploadFileHeader header, IAsyncStreamReader<UploadFileRequest> requestStream, UploadPace pace, HeldBytes held)
    {
        // Memory is taken for what has come, not for what is promised.
        var size = (int)header.SizeBytes;
        var content = new byte[Math.Min(size, 64 * 1024)];
        held.Grow(content.Length);
        var received = 0;
        var checkedStart = false;
        while (await pace.NextAsync(requestStream, received, size))
        {
            if (requestStream.Current.PartCase != UploadFileRequest.PartOneofCase.Chunk)
                throw new BridgeException(ErrorReason.UploadOutOfOrder);

            var chunk = requestStream.Current.Chunk.Span;
            if (chunk.Length > size - received)
            {
                FileRules.CheckSize(received + chunk.Length);
                throw SizeMismatch(header, received + chunk.Length);
            }

            if (chunk.Length > content.Length - received)
            {
                var more = Math.Min(size, Math.Max(content.Length * 2, received + chunk.Length));
                held.Grow(more);
                Array.Resize(ref content, more);
            }

            chunk.CopyTo(content.AsSpan(received));
            received += chunk.Length;
            if (!checkedStart && received >= Math.Min(FileRules.SignatureBytes, size))
            {
                FileRules.CheckStart(header.Name, content.AsSpan(0, received), "chunk");
                checkedStart = true;
            }
        }

        return received == size ? content : throw SizeMismatch(header, received);
    }

    private static BridgeException SizeMismatch(UploadFileHeader header, long received) =>
        new(ErrorReason.FileSizeMismatch, ("declared_bytes", $"{header.SizeBytes}"), ("received_bytes", $"{received}"));
}
