using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Catalogue;

/// <summary>An operator's changes to the catalogue folder while the server runs, and what they mean to cases that are open.</summary>
public sealed class CatalogueReloadTests : IAsyncLifetime, IDisposable
{
    private readonly OperatorFolder folder = new();
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    private FoodCatalogue Catalogue => server.Services.GetRequiredService<FoodCatalogue>();

    public async Task InitializeAsync()
    {
        server.Settings["Bridge:CatalogueFolder"] = folder.Path;
        server.Settings["Bridge:CatalogueCheck"] = "00:00:00.050";
        await server.InitializeAsync();
    }

    public Task DisposeAsync() => server.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_version_is_taken_up_and_a_case_that_is_open_keeps_its_own()
    {
        var before = await OpenAsync();
        folder.Write("Templates/supplementary-2.json", Version(2, "dossier"));
        await UntilNewestAsync(2);

        var after = await OpenAsync();
        Assert.Equal([(1, "supplementary_material"), (2, "dossier")],
            new[] { await GetAsync(before), await GetAsync(after) }.Select(it => (it.Template.Version, it.Template.Parts[0].Questions[0].QuestionId)));
        var refusal = await Refusal.OfAsync(() => SaveAsync(before, "dossier"));
        Assert.Equal("answers[0].question_id UnknownValue", refusal.Fields);
        await SaveAsync(before, "supplementary_material");
        await SaveAsync(after, "dossier");
    }

    [Fact]
    public async Task A_case_keeps_its_questions_when_their_file_is_gone()
    {
        folder.Write("Templates/supplementary-2.json", Version(2, "dossier"));
        await UntilNewestAsync(2);
        var caseId = await OpenAsync();
        var opened = await GetAsync(caseId);

        File.Delete(Path.Combine(folder.Path, "Templates", "supplementary-2.json"));
        await server.RestartAsync();
        Assert.Equal(1, (await ListAsync()).Single(template => template.Newest).Version);
        Assert.Equal(opened, await GetAsync(caseId));
        await SaveAsync(caseId, "dossier");
        var submitted = await Us.Questionnaires.SubmitAnswersAsync(new SubmitAnswersRequest { RequestId = Authority.NewId(), CaseId = caseId });
        Assert.Equal((Stage.Questionnaire, Status.Declared), (submitted.Case.Stage, submitted.Case.Status));
    }

    [Fact]
    public async Task A_change_that_is_wrong_is_refused_whole_and_what_was_there_stays()
    {
        folder.Write("Templates/supplementary-3.json", "{ \"template_id\": ");
        folder.Write("categories.json", """{ "categories": [ { "code": "MEAT", "name": { "zh": "肉", "en": "Meat" }, "products": [] } ] }""");
        folder.Write("Templates/supplementary-2.json", Version(2, "dossier"));
        var problem = Assert.Throws<InvalidDataException>(Catalogue.Reload);
        Assert.Contains($"{Path.Combine(folder.Path, "Templates", "supplementary-3.json")}: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("categories.json: categories[0]: category MEAT: has no products", problem.Message, StringComparison.Ordinal);

        Assert.False(server.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<CatalogueReload>().Single().Reload());
        Assert.Equal(16, Catalogue.Categories.Count);
        Assert.Equal([1], (await ListAsync()).Select(template => template.Version));

        File.Delete(Path.Combine(folder.Path, "Templates", "supplementary-3.json"));
        File.Delete(Path.Combine(folder.Path, "categories.json"));
        await UntilNewestAsync(2);
    }

    [Fact]
    public void A_version_in_use_does_not_change_under_those_who_use_it()
    {
        folder.Write("Templates/supplementary-2.json", Version(2, "dossier"));
        Catalogue.Reload();
        folder.Write("Templates/supplementary-2.json", Version(2, "changed"));
        var problem = Assert.Throws<InvalidDataException>(Catalogue.Reload);
        Assert.Contains("version 2 of supplementary is in use and says something else now", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Which_product_gets_which_questionnaire_changes_without_a_restart()
    {
        folder.Write("categories.json", """
            { "categories": [ { "code": "FROZEN_FRUIT", "name": { "zh": "冷冻水果", "en": "Frozen fruit" }, "products": [
              { "code": "FROZEN_FRUIT_ALL", "name": { "zh": "冷冻水果", "en": "Frozen fruit" }, "template_id": "dried_fruit" } ] } ] }
            """);
        await Wait.ForAsync(() => Task.FromResult(Catalogue.Categories.Count), count => count == 1);
        Assert.Equal("dried_fruit", (await GetAsync(await OpenAsync())).Template.TemplateId);
    }

    [Fact]
    public async Task All_templates_are_listed_with_their_versions_and_products()
    {
        folder.Write("Templates/supplementary-2.json", Version(2, "dossier"));
        Catalogue.Reload();
        var all = (await Us.Catalogue.ListTemplatesAsync(new ListTemplatesRequest())).Templates;
        Assert.Equal(16, all.Count);
        Assert.Equal(15, all.Count(template => template.Newest));
        Assert.Equal((0, 1), Counts(all.Single(template => template is { TemplateId: "supplementary", Version: 1 })));
        Assert.Equal((4, 1), Counts(all.Single(template => template is { TemplateId: "supplementary", Version: 2 })));
        Assert.Equal(12, all.Single(template => template.TemplateId == "meat").Products.Count);
        Assert.Empty((await Us.Catalogue.ListTemplatesAsync(new ListTemplatesRequest { TemplateId = "moon" })).Templates);

        static (int, int) Counts(TemplateSummary template) => (template.Products.Count, template.QuestionCount);
    }

    private static string Version(int version, string question) => $$"""
        { "template_id": "supplementary", "version": {{version}}, "title": { "zh": "补充材料", "en": "Supplementary material" }, "parts": [
          { "part_id": "S", "questions": [ { "id": "{{question}}", "type": "LONG_TEXT", "max_length": 9000,
            "text": { "zh": "材料", "en": "Material" } } ] } ] }
        """;

    private async Task<IEnumerable<TemplateSummary>> ListAsync() =>
        (await Us.Catalogue.ListTemplatesAsync(new ListTemplatesRequest { TemplateId = "supplementary" })).Templates;

    private Task<int> UntilNewestAsync(int version) =>
        Wait.ForAsync(async () => (await ListAsync()).Single(template => template.Newest).Version, newest => newest == version);

    private async Task<string> OpenAsync()
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync();
        await server.DoAsync(made.CaseId, CaseEvent.Received, Stage.Application);
        await server.DoAsync(made.CaseId, CaseEvent.Approve, Stage.Application);
        await Us.ActAsync(made.CaseId, new CustomsAct { OpenQuestionnaire = new OpenQuestionnaire() });
        return made.CaseId;
    }

    private async Task<GetQuestionnaireResponse> GetAsync(string caseId) =>
        await Us.Questionnaires.GetQuestionnaireAsync(new GetQuestionnaireRequest { CaseId = caseId });

    private async Task SaveAsync(string caseId, string question) => await Us.Questionnaires.SaveAnswersAsync(new SaveAnswersRequest
    {
        RequestId = Authority.NewId(), CaseId = caseId, Answers = { new Answer { QuestionId = question, Text = "见附件" } },
    });
}
