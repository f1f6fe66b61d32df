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
    };
}
