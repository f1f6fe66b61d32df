using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Limits;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CustomsExchange;

public sealed partial class CustomsExchangeEndpoints
{
    /// <inheritdoc/>
    public override async Task DownloadAttachment(
        DownloadAttachmentRequest request, IServerStreamWriter<DownloadAttachmentResponse> responseStream, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Required("message_id", request.MessageId.Length > 0);
        if (rules.Required("sha256", request.Sha256.Length > 0) && !(request.Sha256.Length == 64 && request.Sha256.All(char.IsAsciiHexDigitLower)))
            rules.Add("sha256", FieldProblemCode.Malformed, "应为 64 位小写十六进制数字。", "Must be 64 lower-case hexadecimal digits.");
        rules.ThrowIfAny();

        farEnd.Hear();
        using var held = new HeldBytes(context.Use());
        Queue<byte[]> pieces;
        await using (var sql = await database.OpenAsync(Scope.Everyone, context.CancellationToken))
        {
            if (!await sql.HasAttachmentAsync(request.MessageId.ToUpperInvariant(), request.Sha256)
                || await sql.FindContentSizeAsync(request.Sha256) is not { } size)
            {
                throw new BridgeException(ErrorReason.AttachmentNotFound, ("sha256", request.Sha256));
            }

            held.Grow(size);
            pieces = await sql.ReadPiecesAsync(request.Sha256, size);
        }

        while (pieces.TryDequeue(out var piece))
        {
            await responseStream.WriteAsync(
                new DownloadAttachmentResponse { Chunk = UnsafeByteOperations.UnsafeWrap(piece) }, context.CancellationToken);
        }
    }
}
