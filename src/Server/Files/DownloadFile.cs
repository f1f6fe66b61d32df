using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Files;

public sealed partial class FileEndpoints
{
    /// <inheritdoc/>
    public override async Task DownloadFile(
        DownloadFileRequest request, IServerStreamWriter<DownloadFileResponse> responseStream, ServerCallContext context)
    {
        using var held = new HeldBytes(context.Use());
        StoredFile file;
        Queue<byte[]> pieces;
        await using (var sql = await database.OpenAsync(context.Scope(), context.CancellationToken))
        {
            file = await sql.GetFileAsync(context.Account().AuthorityId, request.FileId);
            var rules = new FieldRules();
            rules.Range("offset", request.Offset, 0, file.SizeBytes);
            rules.ThrowIfAny();

            held.Grow(file.SizeBytes - request.Offset);
            pieces = await sql.ReadPiecesAsync(file.Sha256, file.SizeBytes, request.Offset);
        }

        await responseStream.WriteAsync(new DownloadFileResponse { File = file }, context.CancellationToken);
        while (pieces.TryDequeue(out var piece))
        {
            await responseStream.WriteAsync(
                new DownloadFileResponse { Chunk = UnsafeByteOperations.UnsafeWrap(piece) }, context.CancellationToken);
        }
    }
}
