using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SingleWindowBridge;

/// <summary>A receipt written out as the bridge did when it signed: each field is its length in bytes, as four bytes with the highest
/// first, then the bytes. Texts are UTF-8, numbers decimal digits, a list its count and then its items.</summary>
internal static class CanonicalReceipt
{
    public const int Format = 1;

    /// <summary>What the signature of a receipt is of.</summary>
    public static byte[] SignedContent(Receipt receipt, ReceiptProof proof)
    {
        var hash = SHA256.HashData([0, .. Write(receipt, proof).Span]);
        foreach (var step in proof.Path)
        {
            var beside = Convert.FromHexString(step.Sha256);
            hash = SHA256.HashData(step.Left ? [1, .. beside, .. hash] : [1, .. hash, .. beside]);
        }

        var fields = new ArrayBufferWriter<byte>();
        Add(fields, "singlewindow.bridge.v1.Receipts/1");
        Add(fields, hash);
        return fields.WrittenSpan.ToArray();
    }

    private static ReadOnlyMemory<byte> Write(Receipt receipt, ReceiptProof proof)
    {
        var fields = new ArrayBufferWriter<byte>(512);
        Add(fields, "singlewindow.bridge.v1.Receipt/1");
        Add(fields, proof.AuthorityId);
        Add(fields, receipt.Number);
        Add(fields, receipt.CaseId);
        Add(fields, receipt.CaseNumber);
        Add(fields, (int)receipt.Kind);
        Add(fields, receipt.Time);
        Add(fields, (int)receipt.Actor);
        Add(fields, (int)receipt.Event);
        Add(fields, (int)receipt.Stage);
        Add(fields, (int)receipt.Status);
        Add(fields, receipt.Opinion);
        Add(fields, receipt.FailureReason);
        Add(fields, receipt.Files.Count);
        foreach (var file in receipt.Files)
        {
            Add(fields, file.Id);
            Add(fields, file.Name);
            Add(fields, file.MediaType);
            Add(fields, file.SizeBytes);
            Add(fields, file.Sha256);
            Add(fields, (int)file.Origin);
            Add(fields, file.CreateTime);
        }

        Add(fields, receipt.MessageId);
        Add(fields, receipt.ETag);
        Add(fields, receipt.QuestionIds.Count);
        foreach (var id in receipt.QuestionIds)
            Add(fields, id);
        Add(fields, proof.SubmissionMessageId);
        Add(fields, proof.ContentSha256);
        Add(fields, proof.AttachmentSha256s.Count);
        foreach (var sha256 in proof.AttachmentSha256s)
            Add(fields, sha256);
        Add(fields, proof.AttachmentCount);
        return fields.WrittenMemory;
    }

    private static void Add(ArrayBufferWriter<byte> fields, string? text) => Add(fields, Encoding.UTF8.GetBytes(text ?? ""));

    private static void Add(ArrayBufferWriter<byte> fields, long number) => Add(fields, number.ToString(CultureInfo.InvariantCulture));

    private static void Add(ArrayBufferWriter<byte> fields, DateTimeOffset time) =>
        Add(fields, (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    private static void Add(ArrayBufferWriter<byte> fields, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(fields.GetSpan(sizeof(int)), bytes.Length);
        fields.Advance(sizeof(int));
        fields.Write(bytes);
    }
}
