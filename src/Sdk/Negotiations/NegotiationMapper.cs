using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Between the contract's negotiations and ours.</summary>
internal static class NegotiationMapper
{
    public static Negotiation ToModel(this Wire.GetNegotiationResponse wire) => new()
    {
        Case = wire.Case.OrNone(),
        Entries = wire.Entries.MapAll(ToModel),
        Draft = wire.Draft is { } draft
            ? new NegotiationReply { Text = draft.Text.ToModel(), FileIds = [.. draft.FileIds] }
            : null,
        DraftFiles = wire.DraftFiles.MapAll(FileMapper.ToModel),
    };

    public static NegotiationEntry ToModel(this Wire.NegotiationEntry wire) => new()
    {
        Round = wire.Round,
        Party = (NegotiationParty)wire.Party,
        Text = wire.Text.ToModel(),
        Files = wire.Files.MapAll(FileMapper.ToModel),
        State = (EntryState)wire.State,
        Time = wire.Time.ToTime(),
    };

    public static SignatoriesList ToModel(this Wire.GetSignatoriesResponse wire) => new()
    {
        Case = wire.Case.OrNone(),
        Signatories = wire.Signatories?.ToModel(),
        Files = wire.Files.MapAll(FileMapper.ToModel),
        SubmitTime = wire.SubmitTime.ToTimeOrNull(),
    };

    public static Wire.NegotiationText ToWire(this NegotiationText model) => new()
    {
        Zh = model.Zh,
        En = model.En,
        Other = model.Other,
    };

    public static Wire.NegotiationReply ToWire(this NegotiationReply model) => new()
    {
        Text = model.Text.ToWire(),
        FileIds = { model.FileIds },
    };

    public static Wire.Signatories ToWire(this Signatories model) => new()
    {
        Officers =
        {
            model.Officers.Select(officer => new Wire.SigningOfficer
            {
                Name = officer.Name,
                Position = officer.Position,
                SpecimenSignatureFileId = officer.SpecimenSignatureFileId,
            }),
        },
        SealFileIds = { model.SealFileIds },
        FileIds = { model.FileIds },
    };

    private static NegotiationText ToModel(this Wire.NegotiationText? wire) =>
        wire is null ? new() : new() { Zh = wire.Zh, En = wire.En, Other = wire.Other };

    private static Signatories ToModel(this Wire.Signatories wire) => new()
    {
        Officers = wire.Officers.MapAll(officer =>
            new SigningOfficer(officer.Name, officer.Position, officer.SpecimenSignatureFileId)),
        SealFileIds = [.. wire.SealFileIds],
        FileIds = [.. wire.FileIds],
    };
}
