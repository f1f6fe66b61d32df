using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

public sealed partial class ReceiptEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetSubmissionResponse> GetSubmission(GetSubmissionRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Required("message_id", request.MessageId.Length > 0);
        rules.ThrowIfAny();

        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var found = await sql.FindSubmittedAsync(context.Account().AuthorityId, request.MessageId.ToUpperInvariant())
            ?? throw new BridgeException(ErrorReason.SubmissionNotFound, ("message_id", request.MessageId));
        var content = ByteString.CopyFromUtf8(found.Content);
        return new GetSubmissionResponse
        {
            MessageId = found.MessageId,
            CaseId = found.CaseId,
            CreateTime = Times.ToTimestamp(found.CreatedAt),
            ContentType = "application/json",
            Content = content,
            ContentSha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span)),
        };
    }
}
