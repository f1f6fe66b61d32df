using Google.Protobuf.Collections;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Grpc;
using Contract = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>What an account, and what is asked about one, must be like.</summary>
internal static class AccountRules
{
    /// <summary>The most characters of a name or a note.</summary>
    public const int TextLength = 200;

    private const int ShortestId = 3;
    private const int LongestId = 40;

    /// <summary>A new account's id.</summary>
    public static void Id(FieldRules rules, string field, string id)
    {
        if (rules.Required(field, id.Length > 0) && (id.Length is < ShortestId or > LongestId || !id.All(IsOfId)))
        {
            rules.Add(
                field, FieldProblemCode.Malformed,
                $"应为 {ShortestId} 至 {LongestId} 个小写字母、数字或连字符。",
                $"Must be {ShortestId} to {LongestId} lower-case letters, digits and hyphens.");
        }
    }

    /// <summary>What can be changed of an account.</summary>
    /// <param name="rules">Takes the problems.</param>
    /// <param name="account">The account as it is to be.</param>
    /// <param name="role">Its role.</param>
    /// <param name="catalogue">The countries, categories and products.</param>
    /// <param name="changed">Which fields are looked at; null for all.</param>
    public static void Check(
        FieldRules rules, Contract account, AccountRole role, FoodCatalogue catalogue, IReadOnlyCollection<string>? changed = null)
    {
        bool Looks(string field) => changed is null || changed.Contains(field);
        var authority = role == AccountRole.Authority;
        if (Looks("country"))
            Country(rules, account.Country, authority, catalogue);
        if (Looks("name") && rules.Required("account.name", account.Name is not null))
        {
            rules.Text("account.name.zh", account.Name!.Zh, TextLength, required: true);
            rules.Text("account.name.en", account.Name.En, TextLength, required: true);
        }

        if (Looks("category_scope"))
        {
            Codes(rules, "account.category_scope", account.CategoryScope, authority, code => catalogue.TryGetCategory(code, out _));
        }

        if (Looks("product_scope"))
            Codes(rules, "account.product_scope", account.ProductScope, authority, code => catalogue.TryGetProduct(code, out _, out _));
        if (Looks("required_credential"))
            rules.Enum("account.required_credential", account.RequiredCredential, required: changed is not null);
    }

    private static void Country(FieldRules rules, string country, bool authority, FoodCatalogue catalogue)
    {
        if (!authority)
        {
            if (country.Length > 0)
                OfAuthorities(rules, "account.country");
        }
        else if (rules.Required("account.country", country.Length > 0) && !catalogue.TryGetCountry(country, out _))
        {
            rules.Add(
                "account.country", FieldProblemCode.UnknownValue,
                $"没有国家或地区代码 {country}（ISO 3166-1 两位字母）。", $"There is no country {country}; give two letters of ISO 3166-1.");
        }
    }

    private static void Codes(FieldRules rules, string field, RepeatedField<string> codes, bool authority, Func<string, bool> isKnown)
    {
        if (!authority && codes.Count > 0)
        {
            OfAuthorities(rules, field);
            return;
        }

        for (var index = 0; index < codes.Count; index++)
        {
            if (!isKnown(codes[index]))
                rules.Add($"{field}[{index}]", FieldProblemCode.UnknownValue, $"没有代码 {codes[index]}。", $"There is no code {codes[index]}.");
        }
    }

    private static void OfAuthorities(FieldRules rules, string field) => rules.Add(
        field, FieldProblemCode.NotApplicable, "只有主管当局账户有此项。", "Only the account of an authority has this.");

    private static bool IsOfId(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-';
}
