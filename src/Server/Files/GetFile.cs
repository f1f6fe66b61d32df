using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Files;

public sealed partial class FileEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetFileResponse> GetFile(GetFileRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        return new GetFileResponse { File = await sql.GetFileAsync(context.Account().AuthorityId, request.FileId) };
    }
}
