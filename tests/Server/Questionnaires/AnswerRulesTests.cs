using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Questionnaires;
using SingleWindowBridge.Server.Tests.Running;
using Xunit;
using Code = SingleWindow.Bridge.V1.FieldProblemCode;

namespace SingleWindowBridge.Server.Tests.Questionnaires;

public sealed class AnswerRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 11, 0, 0, TimeSpan.Zero);

    private static readonly QuestionnaireTemplate Template = new()
    {
        TemplateId = "test",
        Version = 1,
        Parts =
        {
            new QuestionnairePart
            {
                PartId = "1",
                Questions =
                {
                    Ask("line", QuestionType.Text), Ask("essay", QuestionType.LongText), Ask("agree", QuestionType.YesNo),
                    Ask("amount", QuestionType.Number), Ask("day", QuestionType.Date), Ask("one", QuestionType.SingleChoice),
                    Ask("many", QuestionType.MultipleChoice), Ask("rows", QuestionType.Table), Ask("papers", QuestionType.File),
                    Ask("why", QuestionType.Text, question =>
                    {
                        (question.Required, question.FileRequired) = (true, true);
                        question.ShownIf = new Condition { QuestionId = "agree", Equals_ = "true" };
                    }),
                    Ask("detail", QuestionType.Text, question =>
                    {
                        question.Required = true;
                        question.ShownIf = new Condition { QuestionId = "many", Equals_ = "B" };
                    }),
                    Ask("deeper", QuestionType.YesNo, question =>
                        question.ShownIf = new Condition { QuestionId = "agree", Equals_ = "true" }),
                    Ask("deepest", QuestionType.Text, question =>
                    {
                        question.Required = true;
                        question.ShownIf = new Condition { QuestionId = "deeper", Equals_ = "true" };
                    }),
                },
            },
        },
    };

    public static TheoryData<string, Answer> RightAnswers => new()
    {
        { "a text as long as may be", Text("line", new string('x', 10)) },
        { "ten characters outside the first plane", Text("line", string.Concat(Enumerable.Repeat("𠮷", 10))) },
        { "several lines", Text("essay", "a\r\nb\tc") },
        { "no", new Answer { QuestionId = "agree", YesNo = false } },
        { "a number", Number("1250.5") },
        { "a number with a sign", Number("-40") },
        { "a leap day", Date("2024-02-29") },
        { "one choice", Choose("one", "A") },
        { "two choices", Choose("many", "A", "B") },
        { "no choice yet", Choose("one") },
        { "500 rows", Table(Enumerable.Range(0, 500).Select(_ => Row(("name", "x"))).ToArray()) },
        { "an incomplete row", Table(Row(("remark", "x"))) },
        { "files", Files("papers", 20) },
        { "files without a value", Files("line", 1) },
        { "nothing yet", new Answer { QuestionId = "amount" } },
    };

    public static TheoryData<Answer, string, Code> WrongAnswers => new()
    {
        { Text("line", new string('x', 11)), ".text", Code.TooLong },
        { Text("line", "a\nb"), ".text", Code.Malformed },
        { Text("essay", "a\0b"), ".text", Code.Malformed },
        { Text("agree", "yes"), ".text", Code.WrongType },
        { Text("papers", "none"), ".text", Code.WrongType },
        { Number("1,250"), ".number", Code.Malformed },
        { Number("1e3"), ".number", Code.Malformed },
        { Number(""), ".number", Code.Malformed },
        { Number("５"), ".number", Code.Malformed },
        { Number("1\n"), ".number", Code.Malformed },
        { Number("1234567890123456789"), ".number", Code.Malformed },
        { Date("2026-02-30"), ".date", Code.Malformed },
        { Date("30.01.2026"), ".date", Code.Malformed },
        { Choose("one", "A", "B"), ".choices.codes", Code.TooMany },
        { Choose("one", "Z"), ".choices.codes[0]", Code.UnknownValue },
        { Choose("many", "A", "A"), ".choices.codes[1]", Code.Duplicate },
        { Table(Row(("name", "x"), ("colour", "red"))), ".table.rows[0].cells[colour]", Code.UnknownValue },
        { Table(Row(("name", "x")), Row(("name", new string('x', 11)))), ".table.rows[1].cells[name]", Code.TooLong },
        { Table(Enumerable.Range(0, 501).Select(_ => Row(("name", "x"))).ToArray()), ".table.rows", Code.TooMany },
        { Files("papers", 21), ".file_ids", Code.TooMany },
        { new Answer { QuestionId = "papers", FileIds = { "F1", "F1" } }, ".file_ids[1]", Code.Duplicate },
        { new Answer { QuestionId = "planet", YesNo = true }, ".question_id", Code.UnknownValue },
    };

    [Theory, MemberData(nameof(RightAnswers))]
    public void What_is_right_may_be_saved(string what, Answer answer)
    {
        Assert.NotEmpty(what);
        Assert.Empty(AnswerRules.CheckDraft(Template, [answer], Now));
    }

    [Theory, MemberData(nameof(WrongAnswers))]
    public void What_is_wrong_is_named_by_its_place(Answer answer, string path, Code code)
    {
        var problem = Assert.Single(AnswerRules.CheckDraft(Template, [new Answer { QuestionId = "deeper", YesNo = true }, answer], Now));
        Assert.Equal(("answers[1]" + path, code), (problem.Field, problem.Code));
        Assert.Contains(problem.Zh, character => character is >= '\u4e00' and <= '\u9fff');
        Assert.NotEmpty(problem.En);
    }

    [Theory, MemberData(nameof(WrongAnswers))]
    public void What_is_wrong_is_not_submitted(Answer answer, string path, Code code) => Assert.Contains(
        AnswerRules.CheckComplete(Template, [answer], Now),
        problem => problem.Field == $"answers[question_id={answer.QuestionId}]{path}" && problem.Code == code);

    [Fact]
    public void All_problems_come_at_once_in_the_order_of_the_answers() => Assert.Equal(
        ["answers[0].number", "answers[1].date", "answers[2].question_id"],
        AnswerRules.CheckDraft(Template, [Number("x"), Date("x"), Number("2")], Now).Select(problem => problem.Field));

    [Fact]
    public void A_question_answered_twice_is_told()
    {
        var problem = Assert.Single(AnswerRules.CheckDraft(Template, [Number("1"), Number("2")], Now));
        Assert.Equal(("answers[1].question_id", Code.Duplicate), (problem.Field, problem.Code));
    }

    [Fact]
    public void A_required_answer_and_file_are_asked_for_where_the_question_is_shown()
    {
        Assert.Empty(AnswerRules.CheckComplete(Template, [], Now));
        Assert.Empty(AnswerRules.CheckComplete(Template, [new Answer { QuestionId = "agree", YesNo = false }], Now));

        var problems = AnswerRules.CheckComplete(Template, [new Answer { QuestionId = "agree", YesNo = true }], Now);
        Assert.Equal([("answers[question_id=why]", Code.Required), ("answers[question_id=why].file_ids", Code.Required)],
            problems.Select(problem => (problem.Field, problem.Code)));
        Assert.Equal("问题1.why“为什么why”：为必填项，请填写。", problems[0].Zh);
        Assert.Equal("Question 1.why, \"Why why\": must be answered.", problems[0].En);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    public void A_blank_text_is_no_answer(string blank) => Assert.Equal(
        ["answers[question_id=detail]"],
        AnswerRules.CheckComplete(Template, [Choose("many", "A", "B"), Text("detail", blank)], Now)
            .Where(problem => problem.Code == Code.Required).Select(problem => problem.Field));

    [Fact]
    public void A_required_column_is_asked_for_in_every_row()
    {
        var answer = Table(Row(("name", "x")), Row(("remark", "y")), Row(("name", " ")));
        Assert.Equal(["answers[question_id=rows].table.rows[1].cells[name]", "answers[question_id=rows].table.rows[2].cells[name]"],
            AnswerRules.CheckComplete(Template, [answer], Now).Select(problem => problem.Field));
    }

    [Fact]
    public void Answers_to_questions_that_are_not_shown_are_passed_over()
    {
        var hidden = Text("why", new string('x', 99));
        Assert.Empty(AnswerRules.CheckComplete(Template, [hidden], Now));
        Assert.NotEmpty(AnswerRules.CheckDraft(Template, [hidden], Now));
    }

    [Fact]
    public void A_question_that_hangs_on_a_hidden_one_is_hidden()
    {
        Answer[] answers = [new() { QuestionId = "agree", YesNo = false }, new() { QuestionId = "deeper", YesNo = true }];
        Assert.DoesNotContain("deepest", AnswerRules.ShownQuestions(Template, answers.ToDictionary(answer => answer.QuestionId)));
        answers[0].YesNo = true;
        Assert.Contains("deepest", AnswerRules.ShownQuestions(Template, answers.ToDictionary(answer => answer.QuestionId)));
    }

    [Fact]
    public void What_is_cleared_must_be_a_question_and_not_be_answered_too()
    {
        var problems = AnswerRules.CheckCleared(Template, ["line", "planet", "amount", "line"], [Number("1")]);
        Assert.Equal(
            [("cleared_question_ids[1]", Code.UnknownValue), ("cleared_question_ids[2]", Code.Duplicate),
                ("cleared_question_ids[3]", Code.Duplicate)],
            problems.Select(problem => (problem.Field, problem.Code)));
    }

    [Fact]
    public void Every_questionnaire_can_be_answered_whole()
    {
        foreach (var template in new QuestionnaireTemplates().All)
        {
            Assert.NotEmpty(AnswerRules.CheckComplete(template, [], Now));
            var answers = template.Parts.SelectMany(part => part.Questions).Select(Fill).ToList();
            Assert.Empty(AnswerRules.CheckComplete(template, answers, Now));
            Assert.Empty(AnswerRules.CheckDraft(template, answers, Now));
        }
    }

    private static Answer Fill(Question question)
    {
        var answer = new Answer { QuestionId = question.QuestionId, FileIds = { "01KA8BERGZQ4ZQJ7KJ41GPWGH3" } };
        switch (question.Type)
        {
            case QuestionType.Text or QuestionType.LongText:
                answer.Text = "答";
                break;
            case QuestionType.YesNo:
                answer.YesNo = true;
                break;
            case QuestionType.Number:
                answer.Number = Filling.ANumber(question.NumberLimits);
                break;
            case QuestionType.Date:
                answer.Date = "2024-02-29";
                break;
            case QuestionType.SingleChoice or QuestionType.MultipleChoice:
                answer.Choices = new ChoiceAnswer { Codes = { question.Choices[0].Code } };
                break;
            case QuestionType.Table:
                answer.Table = new TableAnswer { Rows = { Row([.. question.Columns.Select(column => (column.ColumnId, Filling.ACell(column)))]) } };
                break;
        }

        return answer;
    }

    private static Question Ask(string id, QuestionType type, Action<Question>? more = null)
    {
        var question = new Question
        {
            QuestionId = id, Number = "1." + id, Type = type, MaxLength = 10,
            Text = new LocalizedText { Zh = "为什么" + id, En = "Why " + id },
        };
        if (type is QuestionType.SingleChoice or QuestionType.MultipleChoice)
            question.Choices.Add([new Choice { Code = "A" }, new Choice { Code = "B" }]);
        if (type == QuestionType.Table)
            question.Columns.Add([
                new TableColumn { ColumnId = "name", Title = new LocalizedText { Zh = "名称", En = "Name" }, Required = true },
                new TableColumn { ColumnId = "remark", Title = new LocalizedText { Zh = "备注", En = "Remark" } },
            ]);
        more?.Invoke(question);
        return question;
    }

    private static Answer Text(string id, string text) => new() { QuestionId = id, Text = text };

    private static Answer Number(string number) => new() { QuestionId = "amount", Number = number };

    private static Answer Date(string date) => new() { QuestionId = "day", Date = date };

    private static Answer Choose(string id, params string[] codes) =>
        new() { QuestionId = id, Choices = new ChoiceAnswer { Codes = { codes } } };

    private static Answer Table(params TableRow[] rows) => new() { QuestionId = "rows", Table = new TableAnswer { Rows = { rows } } };

    private static TableRow Row(params (string Column, string Cell)[] cells)
    {
        var row = new TableRow();
        foreach (var (column, cell) in cells)
            row.Cells.Add(column, cell);
        return row;
    }

    private static Answer Files(string id, int count) =>
        new() { QuestionId = id, FileIds = { Enumerable.Range(1, count).Select(number => $"F{number}") } };
}
