using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Between the contract's receipts and ours.</summary>
internal static class ReceiptMapper
{
    public static Receipt ToModel(this Wire.Receipt wire) => new()
    {
        Number = wire.Number,
        Cursor = wire.Cursor,
        CaseId = wire.CaseId,
        CaseNumber = wire.CaseNumber.NullIfEmpty(),
        Kind = (CaseKind)wire.Kind,
        Time = wire.Time.ToTime(),
        Actor = (Actor)wire.Actor,
        Event = (CaseEvent)wire.Event,
        Stage = (Stage)wire.Stage,
        Status = (Status)wire.Status,
        Opinion = wire.Opinion.NullIfEmpty(),
        FailureReason = wire.FailureReason.NullIfEmpty(),
        Files = wire.Files.MapAll(FileMapper.ToModel),
        MessageId = wire.MessageId.NullIfEmpty(),
        ETag = wire.Etag,
        QuestionIds = [.. wire.QuestionIds],
        Proof = wire.Proof?.ToModel(),
    };

    public static SigningKey ToModel(this Wire.SigningKey wire) => new()
    {
        Id = wire.KeyId,
        PublicKey = wire.PublicKey.ToBase64(),
        CreateTime = wire.CreateTime.ToTime(),
        IsCurrent = wire.Current,
    };

    private static ReceiptProof ToModel(this Wire.ReceiptProof wire) => new()
    {
        Format = wire.Format,
        AuthorityId = wire.AuthorityId,
        SubmissionMessageId = wire.SubmissionMessageId.NullIfEmpty(),
        ContentSha256 = wire.ContentSha256.NullIfEmpty(),
        AttachmentSha256s = [.. wire.AttachmentSha256S],
        AttachmentCount = wire.AttachmentCount,
        KeyId = wire.KeyId,
        Path = wire.Path.MapAll(step => new ReceiptProofStep(Convert.ToHexString(step.Sha256.Span).ToLowerInvariant(), step.Left)),
        Signature = wire.Signature.ToBase64(),
    };
}
