using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Proof;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>A receipt written out to be hashed and signed, as docs/receipts.md says. Clients write the same from what they hold.</summary>
public static class CanonicalReceipt
{
    /// <summary>How receipts are written: the number in their proof. What is added to receipts later comes with another number.</summary>
    public const int Format = 1;

    /// <summary>How many files a proof names one by one.</summary>
    public const int MostAttachments = 100;

    /// <summary>The receipt's fields; its proof must name the authority and what was submitted.</summary>
    public static CanonicalFields Of(Receipt receipt) => new CanonicalFields("singlewindow.bridge.v1.Receipt/1")
        .Add(receipt.Proof.AuthorityId)
        .Add(receipt.Number)
        .Add(receipt.CaseId)
        .Add(receipt.CaseNumber)
        .Add((int)receipt.Kind)
        .Add(Microseconds(receipt.Time))
        .Add((int)receipt.Actor)
        .Add((int)receipt.Event)
        .Add((int)receipt.Stage)
        .Add((int)receipt.Status)
        .Add(receipt.Opinion)
        .Add(receipt.FailureReason)
        .AddAll(receipt.Files, static (fields, file) => fields
            .Add(file.FileId)
            .Add(file.Name)
            .Add(file.MediaType)
            .Add(file.SizeBytes)
            .Add(file.Sha256)
            .Add((int)file.Origin)
            .Add(Microseconds(file.CreateTime)))
        .Add(receipt.MessageId)
        .Add(receipt.Etag)
        .AddAll(receipt.QuestionIds, static (fields, id) => fields.Add(id))
        .Add(receipt.Proof.SubmissionMessageId)
        .Add(receipt.Proof.ContentSha256)
        .AddAll(receipt.Proof.AttachmentSha256S, static (fields, sha256) => fields.Add(sha256))
        .Add(receipt.Proof.AttachmentCount);

    /// <summary>What is signed for receipts that are committed together: the hash of them all.</summary>
    public static CanonicalFields OfAll(byte[] root) => new CanonicalFields("singlewindow.bridge.v1.Receipts/1").Add(root);

    private static long Microseconds(Google.Protobuf.WellKnownTypes.Timestamp time) => (time.Seconds * 1_000_000) + (time.Nanos / 1000);
}
