using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Between the contract's rectifications and ours.</summary>
internal static class RectificationMapper
{
    public static RectificationRounds ToModel(this Wire.ListRectificationsResponse wire) => new()
    {
        Case = wire.Case.OrNone(),
        Rounds = wire.Rectifications.MapAll(ToModel),
    };

    public static Rectification ToModel(this Wire.Rectification wire) => new()
    {
        Number = wire.Number,
        Round = wire.Round,
        RequireTime = wire.RequireTime.ToTime(),
        Requirements = wire.Requirements,
        Files = wire.Files.MapAll(FileMapper.ToModel),
        Opinion = wire.Opinion.NullIfEmpty(),
        Answer = wire.Answer is { } answer
            ? new RectificationAnswer { Statement = answer.Statement, FileIds = [.. answer.FileIds] }
            : null,
        AnswerFiles = wire.AnswerFiles.MapAll(FileMapper.ToModel),
        SubmitTime = wire.SubmitTime.ToTimeOrNull(),
    };

    public static Wire.RectificationAnswer ToWire(this RectificationAnswer model) => new()
    {
        Statement = model.Statement,
        FileIds = { model.FileIds },
    };
}
