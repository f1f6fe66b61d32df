using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>Questionnaires over the SDK against the real server, as a back office fills them from its own data.</summary>
public sealed class QuestionnaireJourneys : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_questionnaire_is_filled_from_a_dictionary_and_two_marked_questions_are_corrected()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        var client = server.Client;
        await client.Sandbox.SetScenarioAsync("questions_marked");
        var file = (await client.Files.UploadAsync(Path.Combine(Built.Inputs, "files", "organisation-chart.pdf"))).Id;
        var handle = await OpenAsync(client, file, "MEAT", "MEAT_BEEF", "MEAT_MUTTON_AND_GOAT");

        // Half of it is saved first; the check tells all that is missing by number, in both languages.
        var opened = await handle.GetQuestionnaireAsync();
        Assert.Equal("meat", opened.Template.Id);
        var data = DataOf(opened.Template, file);
        var sheet = AnswerSheet.Of(opened).Fill(data.Take(data.Count / 2));
        var saved = await handle.SaveAnswersAsync(sheet);
        Assert.Equal(data.Count / 2, saved.Progress.Sum(part => part.Answered));

        var check = await handle.ValidateAnswersAsync();
        Assert.False(check.IsComplete);
        Assert.Equal(data.Keys.Skip(data.Count / 2), check.Problems.Select(problem => problem.QuestionId!).Distinct());
        Assert.Equal(check.Progress.Sum(part => part.Missing), data.Count - (data.Count / 2));
        Assert.All(check.Problems, problem =>
        {
            var question = opened.Template.Questions.Single(it => it.Id == problem.QuestionId);
            Assert.Equal((question.Number, question.Text), (problem.QuestionNumber, problem.QuestionText));
        });

        // The rest comes from the dictionary, by way of a file that was exported, and all is submitted.
        sheet = AnswerSheet.Of(await handle.GetQuestionnaireAsync()).Fill(data);
        using var table = new MemoryStream();
        sheet.WriteCsv(table);
        table.Position = 0;
        sheet = AnswerSheet.Of(await handle.GetQuestionnaireAsync()).ReadCsv(table).ReadJson(sheet.ToJson());
        Assert.True((await handle.ValidateAnswersAsync(sheet.Changes.Answers)).IsComplete);
        await handle.SubmitAnswersAsync(sheet.Changes.Answers);
        await handle.WaitForAsync(Stage.Questionnaire, Status.CorrectionRequired);

        // Customs marks two questions; those two are changed, and nothing else.
        var marked = await handle.GetQuestionnaireAsync();
        var correction = marked.Correction!;
        Assert.Equal(["3.1", "4.1"], correction.QuestionIds.Select(id => marked.Template.Questions.Single(it => it.Id == id).Number));
        Assert.Equal(["enterprise_approval", "laboratories"], correction.QuestionIds);
        Assert.NotEmpty(correction.Opinion);
        var receipt = (await client.Receipts.ListAsync().ToListAsync()).Last(it => it.Event == CaseEvent.RequireCorrection);
        Assert.Equal(correction.QuestionIds, receipt.QuestionIds);

        var corrected = AnswerSheet.Of(marked).Fill(new Dictionary<string, object?>
        {
            ["enterprise_approval"] = "LICENCE",
            ["laboratories"] = new[] { new { Name = "National Food Laboratory", Ownership = "official", Scope = "all residues" } },
        });
        Assert.Equal(correction.QuestionIds, corrected.Changes.Answers.Select(answer => answer.QuestionId));
        Assert.Empty(corrected.Changes.ClearedQuestionIds);
        await handle.SaveAnswersAsync(corrected);
        Assert.Equal(correction.QuestionIds, (await handle.GetQuestionnaireAsync()).Correction!.QuestionIds);
        await handle.SubmitAnswersAsync();
        await handle.WaitForAsync(Stage.ProtocolNegotiation, Status.Pending);

        var final = await handle.GetQuestionnaireAsync();
        Assert.Null(final.Correction);
        var changed = AnswerSheet.Of(marked).ReadJson(AnswerSheet.Of(final).ToJson()).Changes;
        Assert.Equal(correction.QuestionIds, changed.Answers.Select(answer => answer.QuestionId));
    }

    [Fact]
    public async Task A_template_changes_while_a_case_is_open()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_workspace.Folder, "catalogue", "Templates"));
        using var server = await BridgeServer.StartAsync(
            _workspace.Folder, $"--Bridge:CatalogueFolder={folder.Parent!.FullName}", "--Bridge:CatalogueCheck=00:00:00.1");
        var client = server.Client;
        var file = (await client.Files.UploadAsync(Path.Combine(Built.Inputs, "files", "vegetables-dossier.pdf"))).Id;
        var before = await OpenAsync(client, file, "DEHYDRATED_VEGETABLES", "VEGETABLES_FRESH_KEEPING_AND_DEHYDRATED");
        await before.SaveAnswersAsync([Answer.OfText("supplementary_material", "Half of it.")]);

        var newer = Path.Combine(folder.FullName, "supplementary-2.json");
        await File.WriteAllTextAsync(newer, """
            { "template_id": "supplementary", "version": 2, "title": { "zh": "补充材料", "en": "Supplementary material" }, "parts": [
              { "part_id": "S", "questions": [
                { "id": "process", "type": "LONG_TEXT", "max_length": 9000, "required": true, "text": { "zh": "工艺", "en": "The process." } },
                { "id": "lots", "type": "NUMBER", "min": 1, "max_decimals": 0, "text": { "zh": "批次", "en": "Lots a year." } } ] } ] }
            """);
        while (!(await client.Catalogue.ListTemplatesAsync("supplementary")).Any(template => template is { Version: 2, IsNewest: true }))
            await Task.Delay(50);

        var after = await OpenAsync(client, file, "DEHYDRATED_VEGETABLES", "VEGETABLES_FRESH_KEEPING_AND_DEHYDRATED");
        await after.SaveAnswersAsync(AnswerSheet.Of(await after.GetQuestionnaireAsync()).Set("lots", 12));

        // The server dies and comes back without the file; each case has its own questions still.
        server.Kill();
        File.Delete(newer);
        await server.StartAsync();
        Assert.Equal([1], (await client.Catalogue.ListTemplatesAsync("supplementary")).Select(template => template.Version));
        var (old, young) = (await before.GetQuestionnaireAsync(), await after.GetQuestionnaireAsync());
        Assert.Equal((1, 2), (old.Template.Version, young.Template.Version));
        Assert.Equal("Half of it.", Assert.IsType<AnswerValue.Text>(old.AnswerTo("supplementary_material")!.Value).Value);
        Assert.Equal(["process", "lots"], young.Template.Questions.Select(question => question.Id));

        await before.SubmitAnswersAsync([Answer.OfText("supplementary_material", "All of it.", file)]);
        var refusal = await Assert.ThrowsAsync<ValidationException>(() => after.SubmitAnswersAsync([Answer.OfNumber("lots", 0.5m)]));
        Assert.Equal("S.2", Assert.Single(refusal.Fields).QuestionNumber);
        await after.SubmitAnswersAsync([Answer.OfText("process", "Hot air.")]);
        await before.WaitForAsync(Stage.ProtocolNegotiation, Status.Pending);
        await after.WaitForAsync(Stage.ProtocolNegotiation, Status.Pending);
    }

    private static async Task<CaseHandle> OpenAsync(SingleWindowClient client, string file, string category, params string[] products)
    {
        var submitted = await client.Applications.SubmitAsync(new Application
        {
            Category = category,
            Products = products,
            Contact = new Contact
            {
                Department = "Exports", Name = "A. Croes", Position = "Head", Email = "a.croes@authority.example",
                Phone = new PhoneNumber("297", "5820000"),
            },
            Summary = "对华出口 export to China",
            FileIds = [file],
        });
        await submitted.Handle.WaitForAsync(Stage.Questionnaire, Status.Pending);
        return submitted.Handle;
    }

    // What a back office has of every question that must be answered, as it comes out of a database.
    private static Dictionary<string, object?> DataOf(QuestionnaireTemplate template, string file) => template.Questions
        .Where(question => (question.Required || question.FileRequired) && question.ShownIf is null)
        .ToDictionary(question => question.Id, question => question.FileRequired && question.Type != QuestionType.File
            ? new WithFiles(DatumOf(question, file), file)
            : DatumOf(question, file));

    private static object? DatumOf(Question question, string file) => question.Type switch
    {
        QuestionType.YesNo => false,
        QuestionType.Number => (int)(question.NumberLimits?.Min ?? 12),
        QuestionType.Date => new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Utc),
        QuestionType.SingleChoice => question.Choices[0].Code,
        QuestionType.MultipleChoice => question.Choices.Select(choice => choice.Code).ToList(),
        QuestionType.Table => new List<Dictionary<string, object?>>
        {
            question.Columns.ToDictionary(column => column.Id, column => CellOf(column)),
            question.Columns.Where(column => column.Required).ToDictionary(column => column.Id, column => CellOf(column)),
        },
        QuestionType.File => file,
        QuestionType.Text => "@答案, \"answer\"",
        _ => $"=答案 \"{question.Number}\", answer\r\nof the authority",
    };

    private static object? CellOf(TableColumn column) => column.Type switch
    {
        QuestionType.Number => column.NumberLimits?.Min ?? 12.5m,
        QuestionType.Date => new DateOnly(2019, 7, 1),
        QuestionType.YesNo => true,
        _ => "-n/a, \"说明\"",
    };
}
