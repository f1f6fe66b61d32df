using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Catalogue;

/// <summary>Which questionnaire a case gets, for every category and product, from the application to the opening.</summary>
public sealed class OpeningTests : IAsyncLifetime
{
    private static readonly string[] Categories =
    [
        "DAIRY", "MEAT", "CASINGS", "BIRDS_NEST", "BEE_PRODUCTS", "EGGS", "ANIMAL_FATS", "RICE", "MILLED_GRAIN_AND_MALT",
        "DEHYDRATED_VEGETABLES", "PLANT_SEASONING_POWDER", "NUTS_AND_SEEDS", "DRIED_FRUIT", "AQUATIC", "PROCESSED_GRAIN", "FROZEN_FRUIT",
    ];

    private readonly ScriptedServer server = new();

    public Task InitializeAsync()
    {
        for (var i = 0; i < Categories.Length; i++)
            server.Settings[$"Sandbox:Accounts:0:CategoryScope:{i}"] = Categories[i];
        return server.InitializeAsync();
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Every_product_of_the_16_categories_opens_its_questionnaire()
    {
        server.Script.Hold();
        var opened = new Dictionary<string, HashSet<string>>();
        var categories = (await server.First.Catalogue.ListCategoriesAsync(new ListCategoriesRequest())).Categories;
        foreach (var category in categories)
        {
            foreach (var product in category.Products)
            {
                Assert.True(product.InScope, product.Code);
                var template = await OpenAsync(category.Code, product.Code);
                Assert.Equal(product.TemplateId, template.TemplateId);
                opened.TryAdd(template.TemplateId, []);
                opened[template.TemplateId].Add(category.Code);
            }
        }

        Assert.Equal(
            [
                "animal_fats: ANIMAL_FATS", "aquatic: AQUATIC", "bee: BEE_PRODUCTS", "birds_nest: BIRDS_NEST", "casings: CASINGS",
                "dairy: DAIRY", "dried_fruit: DRIED_FRUIT", "edible_grains: RICE", "eggs: EGGS", "malt: MILLED_GRAIN_AND_MALT",
                "meat: MEAT", "milled_grain: MILLED_GRAIN_AND_MALT", "nuts_and_seeds: NUTS_AND_SEEDS",
                "supplementary: DEHYDRATED_VEGETABLES, PLANT_SEASONING_POWDER, PROCESSED_GRAIN, FROZEN_FRUIT",
            ],
            opened.Select(entry => $"{entry.Key}: {string.Join(", ", entry.Value)}").Order(StringComparer.Ordinal));
        Assert.Equal(16, opened.Values.SelectMany(codes => codes).Distinct().Count());
    }

    [Fact]
    public async Task Milled_grain_and_malt_in_one_case_open_the_questionnaire_for_both()
    {
        server.Script.Hold();
        Assert.Equal("milled_grain_and_malt", (await OpenAsync("MILLED_GRAIN_AND_MALT", "MALT", "MILLED_GRAIN")).TemplateId);
    }

    private async Task<QuestionnaireTemplate> OpenAsync(string category, params string[] products)
    {
        var form = await server.First.NewFormAsync(category, products[0]);
        form.Products.Add(products[1..]);
        form.FileIds[0] = await server.FileAsync();
        var made = (await server.First.Applications.SubmitApplicationAsync(
            new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = form })).Case;
        await server.DoAsync(made.CaseId, CaseEvent.Received, Stage.Application);
        await server.DoAsync(made.CaseId, CaseEvent.Approve, Stage.Application);
        await server.First.ActAsync(made.CaseId, new CustomsAct { OpenQuestionnaire = new OpenQuestionnaire() });
        return (await server.First.Questionnaires.GetQuestionnaireAsync(new GetQuestionnaireRequest { CaseId = made.CaseId })).Template;
    }
}
