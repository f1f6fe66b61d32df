using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>A competent authority (境外主管当局) as the bridge knows it. Accounts are assigned by Customs.</summary>
/// <param name="AuthorityId">The account's id.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Name">The authority's name.</param>
/// <param name="ProductScope">The codes of the products that it may apply for (食品管理范围), in ordinal order.</param>
/// <param name="Sandbox">Whether it is a sandbox account.</param>
public sealed record Account(
    string AuthorityId, string Country, LocalizedText Name, IReadOnlyList<string> ProductScope, bool Sandbox);
