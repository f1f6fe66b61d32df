using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Between the contract's cases and ours.</summary>
internal static class CaseMapper
{
    public static Case ToModel(this Wire.Case wire) => new()
    {
        Id = wire.CaseId,
        Number = wire.Number.NullIfEmpty(),
        Kind = (CaseKind)wire.Kind,
        Category = wire.Category.NullIfEmpty(),
        Products = [.. wire.Products],
        Summary = wire.Summary,
        Stage = (Stage)wire.Stage,
        Status = (Status)wire.Status,
        ETag = wire.Etag,
        CreateTime = wire.CreateTime.ToTime(),
        SubmitTime = wire.SubmitTime.ToTimeOrNull(),
        UpdateTime = wire.UpdateTime.ToTime(),
        Opinion = wire.Opinion?.ToModel(),
        FailureReason = wire.FailureReason.NullIfEmpty(),
        AllowedEvents = wire.AllowedEvents.MapAll(allowed => (CaseEvent)allowed),
    };

    public static Opinion ToModel(this Wire.Opinion wire) => new()
    {
        Stage = (Stage)wire.Stage,
        Event = (CaseEvent)wire.Event,
        Text = wire.Text,
        Time = wire.Time.ToTime(),
    };

    public static TimelineEntry ToModel(this Wire.TimelineEntry wire) => new()
    {
        Sequence = wire.Sequence,
        Time = wire.Time.ToTime(),
        Actor = (Actor)wire.Actor,
        Event = (CaseEvent)wire.Event,
        Stage = (Stage)wire.Stage,
        Status = (Status)wire.Status,
        Opinion = wire.Opinion.NullIfEmpty(),
        FailureReason = wire.FailureReason.NullIfEmpty(),
        ReceiptNumber = wire.ReceiptNumber == 0 ? null : wire.ReceiptNumber,
    };

    public static CaseDetails ToModel(this Wire.GetCaseResponse wire) => new()
    {
        Case = wire.Case.OrNone(),
        Opinions = wire.Opinions.MapAll(ToModel),
        ProtocolFiles = wire.ProtocolFiles.MapAll(FileMapper.ToModel),
        CertificateFiles = wire.CertificateFiles.MapAll(FileMapper.ToModel),
    };

    /// <summary>The case, or one without an id where the answer has none: a new application that was only checked.</summary>
    public static Case OrNone(this Wire.Case? wire) => wire?.ToModel() ?? new Case { Id = "" };

    /// <summary>What a change gave, with the verbs of its case.</summary>
    public static CaseChange ToChange<T>(
        this Changed<T> changed, Wire.Case? wire, ISingleWindowClient client, IEnumerable<Wire.FieldProblem>? problems = null)
    {
        var after = wire.OrNone();
        return new CaseChange
        {
            Case = after,
            RequestId = changed.RequestId,
            Attempts = changed.Attempts,
            Handle = CaseHandle.Of(client, after.Id),
            Problems = problems?.Select(ErrorReader.ToModel).ToArray() ?? [],
        };
    }
}
