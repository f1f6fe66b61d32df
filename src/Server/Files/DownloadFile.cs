using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Files;

public sealed partial class FileEndpoints
{
    private const int ChunkBytes = 64 * 1024;

    /// <inheritdoc/>
    public override async Task DownloadFile(
        DownloadFileRequest request, IServerStreamWriter<DownloadFileResponse> responseStream, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.CancellationToken);
        var file = await sql.GetFileAsync(context.Account().AuthorityId, request.FileId);
        var rules = new FieldRules();
        rules.Range("offset", request.Offset, 0, file.SizeBytes);
        rules.ThrowIfAny();

        await responseStream.WriteAsync(new DownloadFileResponse { File = file }, context.CancellationToken);
        for (var offset = request.Offset; offset < file.SizeBytes; offset += ChunkBytes)
        {
            var chunk = await sql.GetAsync<byte[]>(
                "SELECT substr(content, @from, @count) FROM blobs WHERE sha256 = @Sha256",
                new { from = offset + 1, count = ChunkBytes, file.Sha256 });
            await responseStream.WriteAsync(
                new DownloadFileResponse { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, context.CancellationToken);
        }
    }
}
