using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>Who calls: a competent authority (境外主管当局), whose account is assigned by Customs, the far end of the exchange, or an operator.</summary>
/// <param name="AuthorityId">The account's id.</param>
/// <param name="Role">What it may call.</param>
/// <param name="Country">ISO 3166-1 alpha-2; empty where it is no authority.</param>
/// <param name="Name">Its name.</param>
/// <param name="CategoryScope">The codes of the categories all of whose products it may apply for.</param>
/// <param name="ProductScope">The codes of the products that it may apply for beside these (食品管理范围).</param>
/// <param name="Sandbox">Whether it is a sandbox account.</param>
/// <param name="Disabled">Whether it is shut out.</param>
/// <param name="Requires">What it has to show.</param>
public sealed record Account(
    string AuthorityId, Role Role, string Country, LocalizedText Name, IReadOnlyList<string> CategoryScope,
    IReadOnlyList<string> ProductScope, bool Sandbox, bool Disabled, RequiredCredential Requires)
{
    /// <summary>Whether it may apply for a product of a category.</summary>
    public bool Covers(string category, string product) => CategoryScope.Contains(category) || ProductScope.Contains(product);

    /// <summary>The codes of all products that it may apply for, in ordinal order.</summary>
    public IEnumerable<string> ProductsOf(IEnumerable<Category> categories) => categories
        .SelectMany(category => category.Products.Where(product => Covers(category.Code, product.Code)).Select(product => product.Code))
        .Order(StringComparer.Ordinal);
}
