using System.Text.RegularExpressions;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Applications;

/// <summary>The rules of the application form (图 4-2, 4-3). Files are looked up elsewhere.</summary>
public static partial class ApplicationRules
{
    /// <summary>The most characters of a summary.</summary>
    public const int SummaryLength = 2048;

    /// <summary>Checks a form.</summary>
    /// <param name="rules">Takes the problems.</param>
    /// <param name="form">The form.</param>
    /// <param name="account">Whose scope counts.</param>
    /// <param name="catalogue">The categories and products.</param>
    /// <param name="complete">Whether everything required must be there.</param>
    public static void Check(FieldRules rules, Application form, Account account, FoodCatalogue catalogue, bool complete)
    {
        CheckProducts(rules, form, account, catalogue, complete);
        CheckContact(rules, form.Contact ?? new Contact(), complete);
        rules.Text("application.summary", form.Summary, SummaryLength, complete);
    }

    private static void CheckProducts(FieldRules rules, Application form, Account account, FoodCatalogue catalogue, bool complete)
    {
        if (form.Category.Length == 0)
        {
            if (complete)
                rules.Required("application.category", false);
        }
        else if (!catalogue.TryGetCategory(form.Category, out var category))
        {
            rules.Add(
                "application.category", FieldProblemCode.UnknownValue,
                $"没有食品类别 {form.Category}。", $"There is no food category {form.Category}.");
        }
        else if (!category.Products.Any(product => account.ProductScope.Contains(product.Code)))
        {
            rules.Add(
                "application.category", FieldProblemCode.OutOfScope,
                $"食品类别 {category.Name.Zh} 不在贵方食品管理范围内。", $"{category.Name.En} is outside your account's scope.");
        }

        if (complete)
            rules.Required("application.products", form.Products.Count > 0);
        for (var index = 0; index < form.Products.Count; index++)
        {
            var (field, code) = ($"application.products[{index}]", form.Products[index]);
            if (!catalogue.TryGetProduct(code, out var product, out var category))
                rules.Add(field, FieldProblemCode.UnknownValue, $"没有具体食品类别 {code}。", $"There is no product {code}.");
            else if (category.Code != form.Category)
                rules.Add(field, FieldProblemCode.UnknownValue, $"{product.Name.Zh} 不属于所选食品类别。", $"{product.Name.En} is not of the chosen category.");
            else if (!account.ProductScope.Contains(code))
                rules.Add(field, FieldProblemCode.OutOfScope, $"{product.Name.Zh} 不在贵方食品管理范围内。", $"{product.Name.En} is outside your account's scope.");
            else if (form.Products.Take(index).Contains(code))
                rules.Add(field, FieldProblemCode.Duplicate, "同一产品重复。", "The same product is named twice.");
        }
    }

    private static void CheckContact(FieldRules rules, Contact contact, bool complete)
    {
        const string At = "application.contact";
        rules.Text($"{At}.department", contact.Department, 200, complete);
        rules.Text($"{At}.name", contact.Name, 100, complete);
        rules.Text($"{At}.position", contact.Position, 100, complete);

        var phone = contact.Phone ?? new PhoneNumber();
        Matches(rules, $"{At}.phone.country_code", phone.CountryCode, CountryCode(), complete, "应为 1 至 3 位数字，不带加号。", "Must be 1 to 3 digits without a plus sign.");
        Matches(rules, $"{At}.phone.area_code", phone.AreaCode, AreaCode(), false, "应为至多 6 位数字。", "Must be at most 6 digits.");
        Matches(rules, $"{At}.phone.number", phone.Number, Number(), complete, "应为 3 至 14 位数字。", "Must be 3 to 14 digits.");
        if (rules.Text($"{At}.email", contact.Email, 254, complete))
            Matches(rules, $"{At}.email", contact.Email, Email(), false, "应为电子邮箱地址。", "Must be an e-mail address.");
    }

    private static void Matches(FieldRules rules, string field, string value, Regex form, bool required, string zh, string en)
    {
        if (value.Length == 0)
        {
            if (required)
                rules.Required(field, false);
        }
        else if (!form.IsMatch(value))
        {
            rules.Add(field, FieldProblemCode.Malformed, zh, en);
        }
    }

    [GeneratedRegex(@"^[1-9][0-9]{0,2}\z")]
    private static partial Regex CountryCode();

    [GeneratedRegex(@"^[0-9]{1,6}\z")]
    private static partial Regex AreaCode();

    [GeneratedRegex(@"^[0-9](?:[ -]?[0-9]){2,13}\z")]
    private static partial Regex Number();

    // RFC 5321's dot-string and domain, without quoted names and address literals; international letters are let through.
    [GeneratedRegex(@"^[^\s@""(),:;<>\[\]\\.]+(?:\.[^\s@""(),:;<>\[\]\\.]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\z")]
    private static partial Regex Email();
}
