using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>CatalogueService: the codes of the contract with their names, and the questionnaires.</summary>
public sealed class CatalogueEndpoints(FoodCatalogue catalogue, QuestionnaireTemplates templates) : CatalogueService.CatalogueServiceBase
{
    /// <inheritdoc/>
    public override Task<GetAuthorityResponse> GetAuthority(GetAuthorityRequest request, ServerCallContext context)
    {
        var account = context.Account();
        catalogue.TryGetCountry(account.Country, out var country);
        return Task.FromResult(new GetAuthorityResponse
        {
            Authority = new Authority
            {
                AuthorityId = account.AuthorityId,
                Country = country ?? new Country { Code = account.Country },
                Name = account.Name,
                ProductScope = { account.ProductsOf(catalogue.Categories) },
                Sandbox = account.Sandbox,
            },
        });
    }

    /// <inheritdoc/>
    public override Task<ListCategoriesResponse> ListCategories(ListCategoriesRequest request, ServerCallContext context)
    {
        var account = context.Account();
        var response = new ListCategoriesResponse { Categories = { catalogue.Categories.Select(category => category.Clone()) } };
        foreach (var category in response.Categories)
        {
            foreach (var product in category.Products)
                product.InScope = account.Covers(category.Code, product.Code);
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override Task<ListCountriesResponse> ListCountries(ListCountriesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListCountriesResponse { Countries = { catalogue.Countries } });

    /// <inheritdoc/>
    public override Task<ListEnumValuesResponse> ListEnumValues(ListEnumValuesRequest request, ServerCallContext context)
    {
        if (request.EnumName.Length == 0)
            return Task.FromResult(new ListEnumValuesResponse { Values = { catalogue.EnumValues } });

        if (!catalogue.TryGetEnumValues(request.EnumName, out var values))
        {
            throw new BridgeException([new Problem(
                "enum_name", FieldProblemCode.UnknownValue,
                $"接口没有枚举 {request.EnumName}。", $"The contract has no enum {request.EnumName}.")]);
        }

        return Task.FromResult(new ListEnumValuesResponse { Values = { values } });
    }

    /// <inheritdoc/>
    public override Task<GetTemplateResponse> GetTemplate(GetTemplateRequest request, ServerCallContext context) =>
        templates.TryGet(request.TemplateId, request.Version, out var template)
            ? Task.FromResult(new GetTemplateResponse { Template = template })
            : throw new BridgeException(
                ErrorReason.TemplateNotFound, ("template_id", request.TemplateId), ("version", $"{request.Version}"));

    /// <inheritdoc/>
    public override Task<ListTemplatesResponse> ListTemplates(ListTemplatesRequest request, ServerCallContext context)
    {
        var all = templates.All;
        var newest = all.GroupBy(template => template.TemplateId).ToDictionary(of => of.Key, of => of.Max(template => template.Version));
        var products = catalogue.Categories.SelectMany(category => category.Products)
            .ToLookup(product => product.TemplateId, product => product.Code);
        var wanted = all
            .Where(template => request.TemplateId.Length == 0 || template.TemplateId == request.TemplateId)
            .OrderBy(template => template.TemplateId, StringComparer.Ordinal).ThenBy(template => template.Version)
            .Select(template => Summary(template, template.Version == newest[template.TemplateId], products[template.TemplateId]));
        return Task.FromResult(new ListTemplatesResponse { Templates = { wanted } });
    }

    private static TemplateSummary Summary(QuestionnaireTemplate template, bool newest, IEnumerable<string> products) => new()
    {
        TemplateId = template.TemplateId, Version = template.Version, Title = template.Title, Newest = newest,
        QuestionCount = template.Parts.Sum(part => part.Questions.Count),
        Products = { newest ? products : [] },
    };
}
