using System.Collections.Concurrent;
using System.Security.Cryptography;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Holds receipts against the keys that the bridge publishes. A key is asked for once.</summary>
internal sealed class ReceiptVerifier(CallPipeline pipeline, Func<CancellationToken, Task<IReadOnlyList<SigningKey>>> list)
{
    private readonly ConcurrentDictionary<string, byte[]> _keys = new();

    /// <summary>Verifies a receipt that has just come, as far as the client's options ask.</summary>
    public async ValueTask<Receipt> PassAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        var asked = pipeline.Options.VerifyReceipts;
        if (asked == ReceiptVerification.Always || (asked == ReceiptVerification.WhereSigned && receipt.Proof is not null))
            await VerifyAsync(receipt, cancellationToken).ConfigureAwait(false);
        return receipt;
    }

    /// <summary>Verifies a receipt.</summary>
    /// <exception cref="ReceiptNotProvenException">It is not proven.</exception>
    public async ValueTask VerifyAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.Proof is not { } proof)
            throw new ReceiptNotProvenException(receipt.Number, ReceiptProofFault.NotSigned);
        if (proof.Format != CanonicalReceipt.Format)
            throw new ReceiptNotProvenException(receipt.Number, ReceiptProofFault.FormatUnknown);
        if (pipeline.Options.PinnedSigningKeys is { Count: > 0 } pinned && !pinned.Contains(proof.KeyId))
            throw new ReceiptNotProvenException(receipt.Number, ReceiptProofFault.KeyNotPinned);

        var key = await FindAsync(proof.KeyId, cancellationToken).ConfigureAwait(false)
            ?? throw new ReceiptNotProvenException(receipt.Number, ReceiptProofFault.KeyUnknown);
        if (!IsSigned(receipt, proof, key))
            throw new ReceiptNotProvenException(receipt.Number, ReceiptProofFault.SignatureWrong);
        if (pipeline.Options.ReceiptsOf is { } authority && authority != proof.AuthorityId)
            throw new ReceiptNotProvenException(receipt.Number, ReceiptProofFault.AuthorityOther);
    }

    private static bool IsSigned(Receipt receipt, ReceiptProof proof, byte[] publicKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            return key.VerifyData(
                CanonicalReceipt.SignedContent(receipt, proof), Convert.FromBase64String(proof.Signature), HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private async ValueTask<byte[]?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (_keys.TryGetValue(id, out var known))
            return known;

        foreach (var key in await list(cancellationToken).ConfigureAwait(false))
        {
            // The id is made from the key: one that was given another's id is none.
            var publicKey = Convert.FromBase64String(key.PublicKey);
            if (Convert.ToHexString(SHA256.HashData(publicKey))[..32].Equals(key.Id, StringComparison.OrdinalIgnoreCase))
                _keys[key.Id] = publicKey;
        }

        return _keys.GetValueOrDefault(id);
    }
}
