using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>The reviews that the simulated Customs starts.</summary>
public static class SandboxReview
{
    /// <summary>A review with a contact and a text made up.</summary>
    /// <param name="authorityId">The account that is reviewed.</param>
    /// <param name="category">The food category's code.</param>
    /// <param name="products">The products' codes.</param>
    public static StartReview Of(string authorityId, string category, IReadOnlyList<string> products) =>
        new(authorityId, category, products, Texts.ReviewContact, Texts.ReviewSummary);
}
