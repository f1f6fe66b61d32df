using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

public sealed partial class ReceiptEndpoints
{
    /// <inheritdoc/>
    public override async Task<ListSigningKeysResponse> ListSigningKeys(ListSigningKeysRequest request, ServerCallContext context)
    {
        // The same for every authority.
        await using var sql = await database.OpenAsync(Scope.Everyone, context.CancellationToken);
        var keys = await sql.ListSigningKeysAsync();
        return new ListSigningKeysResponse
        {
            SigningKeys =
            {
                keys.Select(each => new SingleWindow.Bridge.V1.SigningKey
                {
                    KeyId = each.KeyId,
                    PublicKey = ByteString.CopyFrom(each.PublicKey),
                    CreateTime = Times.ToTimestamp(each.CreatedAt),
                    Current = each.KeyId == key.Id,
                }),
            },
        };
    }
}
