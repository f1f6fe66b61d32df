using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>From the contract's reviews to ours.</summary>
internal static class ReviewMapper
{
    public static ReviewDetails ToModel(this Wire.GetReviewResponse wire) => new()
    {
        Case = wire.Case.OrNone(),
        Review = (wire.Review ?? new Wire.Review()).ToModel(),
    };

    private static Review ToModel(this Wire.Review wire) => new()
    {
        Category = wire.Category,
        Products = [.. wire.Products],
        Contact = wire.Contact?.ToModel() ?? new Contact(),
        Summary = wire.Summary,
        Files = wire.Files.MapAll(FileMapper.ToModel),
        StartTime = wire.StartTime.ToTime(),
        Answer = wire.Answer?.ToModel(),
    };

    private static ReviewAnswer ToModel(this Wire.ReviewAnswer wire) => new()
    {
        Decision = (ReviewDecision)wire.Decision,
        Contact = wire.Contact?.ToModel() ?? new Contact(),
        SubmitTime = wire.SubmitTime.ToTime(),
    };
}
