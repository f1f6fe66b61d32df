using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Files;

public sealed partial class FileEndpoints
{
    private const int ChunkBytes = 64 * 1024;

    /// <inheritdoc/>
    public override async Task DownloadFile(
        DownloadFileRequest request, IServerStreamWriter<DownloadFileResponse> responseStream, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var file = await sql.GetFileAsync(context.Account().AuthorityId, request.FileId);
        var rules = new FieldRules();
        rules.Range("offset", request.Offset, 0, file.SizeBytes);
        rules.ThrowIfAny();

        // The embedded store has a content in memory whole while it is read.
        using var held = new HeldBytes(context.Use());
        held.Grow(file.SizeBytes);
        await responseStream.WriteAsync(new DownloadFileResponse { File = file }, context.CancellationToken);
        await sql.ReadContentAsync(file.Sha256, request.Offset, async content =>
        {
            for (var left = file.SizeBytes - request.Offset; left > 0; left -= ChunkBytes)
            {
                // A new array each time: the message may still be on its way when the next chunk is read.
                var chunk = new byte[Math.Min(left, ChunkBytes)];
                await content.ReadExactlyAsync(chunk, context.CancellationToken);
                await responseStream.WriteAsync(
                    new DownloadFileResponse { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, context.CancellationToken);
            }
        });
    }
}
