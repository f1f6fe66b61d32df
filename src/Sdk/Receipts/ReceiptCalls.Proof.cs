using System.Security.Cryptography;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

internal sealed partial class ReceiptCalls
{
    public async Task VerifyAsync(Receipt receipt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        await _verifier.VerifyAsync(receipt, cancellationToken).ConfigureAwait(false);
    }

    public async Task<SubmittedContent> GetSubmissionAsync(Receipt receipt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        if (receipt.Proof is not { SubmissionMessageId: { } messageId } proof)
            throw new ArgumentException("The receipt names no submission.", nameof(receipt));

        var response = await _calls.ReadAsync(
            "GetSubmission", _stub.GetSubmissionAsync, new Wire.GetSubmissionRequest { MessageId = messageId }, cancellationToken)
            .ConfigureAwait(false);
        var sha256 = Convert.ToHexString(SHA256.HashData(response.Content.Span)).ToLowerInvariant();
        return sha256 != proof.ContentSha256
            ? throw new ReceiptNotProvenException(receipt.Number, ReceiptProofFault.ContentWrong)
            : new SubmittedContent
            {
                MessageId = response.MessageId,
                CaseId = response.CaseId,
                CreateTime = response.CreateTime.ToTime(),
                ContentType = response.ContentType,
                Content = response.Content.Memory,
                Sha256 = sha256,
            };
    }

    public async Task<IReadOnlyList<SigningKey>> ListSigningKeysAsync(CancellationToken cancellationToken = default)
    {
        var response = await _calls.ReadAsync(
            "ListSigningKeys", _stub.ListSigningKeysAsync, new Wire.ListSigningKeysRequest(), cancellationToken).ConfigureAwait(false);
        return response.SigningKeys.MapAll(ReceiptMapper.ToModel);
    }
}
