using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Applications;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Reviews;

/// <summary>Opens the case of a review that Customs starts (回顾性检查).</summary>
public sealed class ReviewStart(FoodCatalogue catalogue)
{
    /// <summary>Checks that Customs may review this of this authority, and makes the case. The authority's feed is locked.</summary>
    /// <param name="sql">The transaction.</param>
    /// <param name="number">The review's number, a ULID that no case has.</param>
    /// <param name="act">What Customs says.</param>
    /// <param name="now">When it is taken in.</param>
    /// <exception cref="BridgeException">AUTHORITY_NOT_FOUND, FIELD_INVALID or ASSESSMENT_NOT_PASSED.</exception>
    public async Task<CaseRow> OpenAsync(Sql sql, string number, StartReview act, DateTimeOffset now)
    {
        await CheckAsync(sql, number, act);
        var row = new CaseRow
        {
            CaseId = Ulids.New(now),
            Number = number,
            AuthorityId = act.AuthorityId,
            Kind = CaseKind.Review,
            Category = act.Category,
            Products = string.Join(',', act.Products),
            Summary = act.Summary,
            Stage = Stage.Reception,
            Status = Status.Pending,
            CreatedAt = now.ToMicroseconds(),
            UpdatedAt = now.ToMicroseconds(),
        };
        sql.InsertCase(row);
        return row;
    }

    /// <summary>Checks that Customs may review this of this authority.</summary>
    /// <exception cref="BridgeException">AUTHORITY_NOT_FOUND, FIELD_INVALID or ASSESSMENT_NOT_PASSED.</exception>
    public async Task CheckAsync(Sql sql, string number, StartReview act)
    {
        if (!await sql.HasAuthorityAsync(act.AuthorityId))
            throw new BridgeException(ErrorReason.AuthorityNotFound, ("authority_id", act.AuthorityId));
        if (catalogue.TryGetCategory(act.Category, out _) && !await IsPassedAsync(sql, act))
        {
            throw new BridgeException(
                ErrorReason.AssessmentNotPassed, ("authority_id", act.AuthorityId), ("category", act.Category));
        }

        Check(number, act);
    }

    /// <summary>Whether the authority has passed an assessment for the category.</summary>
    public static async Task<bool> IsPassedAsync(Sql sql, StartReview act) =>
        await sql.NewestPassedAsync(act.AuthorityId, act.Category) is not null;

    /// <summary>Checks what the start of a review says, whatever the authority has passed.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID.</exception>
    public void Check(string number, StartReview act)
    {
        var rules = new FieldRules();
        CheckCategory(rules, act);
        CheckProducts(rules, act);
        rules.Text("summary", act.Summary, ApplicationRules.SummaryLength, required: false);
        if (!Ulids.IsUlid(number))
            rules.Add("case_number", FieldProblemCode.Malformed, "应为 ULID。", "Must be a ULID.");
        rules.ThrowIfAny();
    }

    private void CheckCategory(FieldRules rules, StartReview act)
    {
        if (rules.Required("category", act.Category.Length > 0) && !catalogue.TryGetCategory(act.Category, out _))
        {
            rules.Add(
                "category", FieldProblemCode.UnknownValue,
                $"没有食品类别 {act.Category}。", $"There is no food category {act.Category}.");
        }
    }

    private void CheckProducts(FieldRules rules, StartReview act)
    {
        if (!rules.Any)
            rules.Required("products", act.Products.Count > 0);
        for (var index = 0; index < act.Products.Count; index++)
        {
            var (field, code) = ($"products[{index}]", act.Products[index]);
            if (!catalogue.TryGetProduct(code, out var product, out var category))
                rules.Add(field, FieldProblemCode.UnknownValue, $"没有具体食品类别 {code}。", $"There is no product {code}.");
            else if (category.Code != act.Category)
                rules.Add(field, FieldProblemCode.UnknownValue, $"{product.Name.Zh} 不属于该食品类别。", $"{product.Name.En} is not of the category.");
            else if (act.Products.Take(index).Contains(code))
                rules.Add(field, FieldProblemCode.Duplicate, "同一产品重复。", "The same product is named twice.");
        }
    }
}
