using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Questionnaires;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Questionnaires;

/// <summary>How far a questionnaire is answered, what a submit would miss, and how much it may hold.</summary>
public sealed class ProgressTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task Progress_is_told_by_part_as_answers_come()
    {
        var opened = await OpenAsync();
        Assert.Equal(opened.Template.Parts.Select(part => part.PartId), opened.Progress.Select(part => part.PartId));
        Assert.All(opened.Progress, part => Assert.Equal((0, part.Required), (part.Answered, part.Missing)));
        Assert.Equal(opened.Template.Parts.Select(part => part.Questions.Count(question => question.ShownIf is null)),
            opened.Progress.Select(part => part.Questions));

        // A yes shows one question more, that must be answered.
        var saved = await SaveAsync(opened.Case.CaseId,
            new Answer { QuestionId = "other_authorities", YesNo = true }, new Answer { QuestionId = "authority_structure", Text = " " });
        var (before, after) = (opened.Progress[0], saved.Progress[0]);
        Assert.Equal(
            (before.Questions + 1, 1, before.Required + 1, before.Missing), (after.Questions, after.Answered, after.Required, after.Missing));
        Assert.Equal(opened.Progress.Skip(1), saved.Progress.Skip(1));

        await SaveAsync(opened.Case.CaseId, [.. Filling.Of(opened.Template, await server.FileAsync())]);
        var filled = await GetAsync(opened.Case.CaseId);
        Assert.All(filled.Progress, part => Assert.Equal((part.Required, 0), (part.Answered, part.Missing)));
    }

    [Fact]
    public async Task A_row_without_a_cell_that_it_needs_is_missing_something()
    {
        var opened = await OpenAsync();
        var row = new TableRow { Cells = { ["name_zh"] = "牛肉" } };
        var saved = await SaveAsync(opened.Case.CaseId, new Answer { QuestionId = "export_products", Table = new TableAnswer { Rows = { row } } });
        Assert.Equal((1, opened.Progress[0].Missing), (saved.Progress[0].Answered, saved.Progress[0].Missing));
    }

    [Fact]
    public async Task Validate_only_names_every_question_that_is_missing_by_number_and_text()
    {
        var opened = await OpenAsync();
        var tried = await Us.Questionnaires.SubmitAnswersAsync(new SubmitAnswersRequest
        {
            RequestId = Authority.NewId(), CaseId = opened.Case.CaseId, ValidateOnly = true,
            Answers = { new Answer { QuestionId = "authority_structure", Text = "A ministry." } },
        });
        var questions = opened.Template.Parts.SelectMany(part => part.Questions).ToDictionary(question => question.QuestionId);
        var missing = questions.Values
            .Where(question => (question.Required || question.FileRequired) && question.ShownIf is null && question.QuestionId != "authority_structure")
            .Select(question => question.QuestionId);
        Assert.Equal(missing, tried.Problems.Select(problem => problem.QuestionId).Distinct());
        Assert.All(tried.Problems, problem =>
        {
            var question = questions[problem.QuestionId];
            Assert.Equal((question.Number, question.Text), (problem.QuestionNumber, problem.QuestionText));
            Assert.Contains($"问题{question.Number}“", problem.Message.Zh, StringComparison.Ordinal);
            Assert.Contains($"Question {question.Number}, ", problem.Message.En, StringComparison.Ordinal);
        });
        Assert.Equal(1, tried.Progress[0].Answered);
        Assert.Equal(0, (await GetAsync(opened.Case.CaseId)).Progress[0].Answered);
    }

    [Fact]
    public async Task An_error_names_the_question_without_its_whole_text()
    {
        var opened = await OpenAsync();
        var refusal = await Refusal.OfAsync(() => SaveAsync(opened.Case.CaseId, new Answer { QuestionId = "authority_staff", Number = "-1" }));
        var problem = Assert.Single(refusal.Problems);
        Assert.Equal(("authority_staff", "1.5", FieldProblemCode.OutOfRange), (problem.QuestionId, problem.QuestionNumber, problem.Code));
        Assert.Null(problem.QuestionText);
    }

    [Fact]
    public async Task All_answers_together_take_8_MiB_and_no_more_and_come_back_whole()
    {
        var opened = await OpenAsync();
        var tables = opened.Template.Parts.SelectMany(part => part.Questions)
            .Where(question => question.Type == QuestionType.Table).Select(Largest).ToList();
        Assert.True(tables.Sum(table => table.CalculateSize()) > AnswerRules.MaxBytes, "The tables are too small for this test.");

        var (kept, rest) = (new List<Answer>(), AnswerRules.MaxBytes);
        foreach (var table in tables)
        {
            if (Size(table) > rest)
            {
                Assert.Equal("answers TooLong", (await Refusal.OfAsync(() => SaveAsync(opened.Case.CaseId, table))).Fields);
                while (Size(table) > rest)
                    table.Table.Rows.RemoveAt(table.Table.Rows.Count - 1);
            }

            if (table.Table.Rows.Count == 0)
                continue;
            await SaveAsync(opened.Case.CaseId, table);
            kept.Add(table);
            rest -= Size(table);
        }

        // A text that fills what is left to the last byte passes; one byte more does not.
        Assert.InRange(rest, 100, 20_000);
        var text = new Answer { QuestionId = "supplementary_material", Text = Bytes(rest - 50) };
        text.Text += new string('x', rest - Size(text));
        Assert.Equal(rest, Size(text));
        text.Text += "x";
        Assert.Equal("answers TooLong", (await Refusal.OfAsync(() => SaveAsync(opened.Case.CaseId, text))).Fields);
        text.Text = text.Text[..^1];
        await SaveAsync(opened.Case.CaseId, text);

        Assert.Equal(kept.Append(text), (await GetAsync(opened.Case.CaseId)).Answers);

        static int Size(Answer answer) => new SaveAnswersRequest { Answers = { answer } }.CalculateSize();

        static string Bytes(int count) => new string('审', count / 3) + new string('x', count % 3);
    }

    private static Answer Largest(Question question)
    {
        var answer = new Answer { QuestionId = question.QuestionId, Table = new TableAnswer() };
        var row = new TableRow();
        foreach (var column in question.Columns)
            row.Cells[column.ColumnId] = column.Type == QuestionType.Text
                ? string.Concat(Enumerable.Repeat("\U00020000", question.MaxLength))
                : Filling.ACell(column);
        Questionnaire.Normalise([new Answer { Table = new TableAnswer { Rows = { row } } }]);
        for (var i = 0; i < question.MaxRows; i++)
            answer.Table.Rows.Add(row.Clone());
        return answer;
    }

    private async Task<GetQuestionnaireResponse> OpenAsync()
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync("MEAT", "MEAT_BEEF");
        await server.DoAsync(made.CaseId, CaseEvent.Received, Stage.Application);
        await server.DoAsync(made.CaseId, CaseEvent.Approve, Stage.Application);
        await Us.ActAsync(made.CaseId, new CustomsAct { OpenQuestionnaire = new OpenQuestionnaire() });
        return await GetAsync(made.CaseId);
    }

    private async Task<GetQuestionnaireResponse> GetAsync(string caseId) =>
        await Us.Questionnaires.GetQuestionnaireAsync(new GetQuestionnaireRequest { CaseId = caseId });

    private async Task<SaveAnswersResponse> SaveAsync(string caseId, params Answer[] answers) =>
        await Us.Questionnaires.SaveAnswersAsync(
            new SaveAnswersRequest { RequestId = Authority.NewId(), CaseId = caseId, Answers = { answers } });
}
