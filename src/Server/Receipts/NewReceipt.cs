using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>
/// A receipt on its way into the feed. Those that are sent get the next numbers; one that is dropped leaves no gap. Those that go out
/// together are signed together, once, when the first of them is written.
/// </summary>
internal sealed class NewReceipt(LockedFeed feed, Receipt receipt, UnsignedReceipts beside, Signer key) : ISettled
{
    /// <summary>Whose it is.</summary>
    public string AuthorityId => feed.AuthorityId;

    /// <summary>Its number; 0 until it is sent.</summary>
    public long Number => receipt.Number;

    /// <summary>The case that it tells of.</summary>
    public string CaseId => receipt.CaseId;

    /// <summary>The receipt as the table holds it.</summary>
    public byte[] Content
    {
        get
        {
            if (receipt.Proof.Signature.IsEmpty)
                beside.Sign(key);
            return receipt.ToByteArray();
        }
    }

    /// <inheritdoc/>
    public void Settle()
    {
        receipt.Number = ++feed.Head;
        beside.Add(receipt);
    }
}

/// <summary>The receipts of a transaction that have their numbers and no signature yet.</summary>
internal sealed class UnsignedReceipts
{
    private readonly List<Receipt> receipts = [];

    /// <summary>Adds one.</summary>
    public void Add(Receipt receipt) => receipts.Add(receipt);

    /// <summary>Signs all, by one signature of the hash of their hashes.</summary>
    public void Sign(Signer key)
    {
        var (root, paths) = HashTree.Build([.. receipts.Select(receipt => HashTree.Leaf(CanonicalReceipt.Of(receipt).Bytes))]);
        var signature = UnsafeByteOperations.UnsafeWrap(key.Sign(CanonicalReceipt.OfAll(root).Bytes));
        for (var index = 0; index < receipts.Count; index++)
        {
            var proof = receipts[index].Proof;
            proof.KeyId = key.Id;
            proof.Path.AddRange(paths[index].Select(step => new ReceiptProofStep
            {
                Sha256 = UnsafeByteOperations.UnsafeWrap(step.Hash), Left = step.Left,
            }));
            proof.Signature = signature;
        }

        receipts.Clear();
    }
}
