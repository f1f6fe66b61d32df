using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Applications;

/// <summary>The rules of the application form (图 4-2, 4-3). Files are looked up elsewhere.</summary>
public static class ApplicationRules
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
        ContactRules.Check(rules, "application.contact", form.Contact, complete);
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
        else if (!category.Products.Any(product => account.Covers(category.Code, product.Code)))
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
            else if (!account.Covers(category.Code, code))
                rules.Add(field, FieldProblemCode.OutOfScope, $"{product.Name.Zh} 不在贵方食品管理范围内。", $"{product.Name.En} is outside your account's scope.");
            else if (form.Products.Take(index).Contains(code))
                rules.Add(field, FieldProblemCode.Duplicate, "同一产品重复。", "The same product is named twice.");
        }
    }
}
