using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Catalogue;
using Xunit;

namespace SingleWindowBridge.Server.Tests.Catalogue;

public sealed class QuestionnaireTemplatesTests
{
    private const string Text = """ "text": { "zh": "问题", "en": "Question" } """;

    private static readonly QuestionnaireTemplates Templates = new();

    private static readonly string[] Thirteen =
    [
        "animal_fats", "aquatic", "bee", "birds_nest", "casings", "dairy", "dried_fruit", "edible_grains", "eggs", "malt", "meat",
        "milled_grain", "nuts_and_seeds",
    ];

    public static TheoryData<string> Ids => [.. Thirteen, "milled_grain_and_malt"];

    [Fact]
    public void There_are_thirteen_questionnaires_a_combined_one_and_the_supplementary_material() => Assert.Equal(
        Thirteen.Append("milled_grain_and_malt").Append("supplementary").Order(StringComparer.Ordinal),
        Templates.All.Select(template => template.TemplateId).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Ids))]
    public void A_questionnaire_has_forty_questions_in_six_parts(string id)
    {
        var template = Templates.Get(id);
        Assert.Equal(1, template.Version);
        Assert.Equal(["1", "2", "3", "4", "5", "S"], template.Parts.Select(part => part.PartId));
        Assert.Equal(["基本信息", "法律、法规和标准", "官方控制及监督", "实验室检测", "证书", "补充材料"],
            template.Parts.Select(part => part.Title.Zh));
        Assert.True(Questions(template).Count >= 40, $"{Questions(template).Count} questions");
        Assert.Equal("supplementary_material", Questions(template)[^1].QuestionId);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_questionnaire_asks_for_few_files_and_most_answers(string id)
    {
        var questions = Questions(Templates.Get(id));
        Assert.InRange(questions.Count(question => question.FileRequired), 2, 4);
        Assert.InRange(questions.Count(question => question.Required) * 100 / questions.Count, 50, 85);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_questionnaire_is_in_both_languages(string id)
    {
        var template = Templates.Get(id);
        var texts = Questions(template).SelectMany(question => question.Choices.Select(choice => choice.Text)
                .Concat(question.Columns.Select(column => column.Title))
                .Concat(question.Help is null ? [] : [question.Help]).Append(question.Text))
            .Concat(template.Parts.Select(part => part.Title)).Append(template.Title);
        Assert.All(texts, Texts.AreInBothLanguages);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Questions_are_numbered_by_their_order(string id)
    {
        foreach (var part in Templates.Get(id).Parts)
            Assert.Equal(Enumerable.Range(1, part.Questions.Count).Select(number => $"{part.PartId}.{number}"),
                part.Questions.Select(question => question.Number));
    }

    [Theory, MemberData(nameof(Ids))]
    public void No_two_questions_of_a_questionnaire_ask_the_same(string id)
    {
        var questions = Questions(Templates.Get(id));
        Assert.Equal(questions.Count, questions.DistinctBy(question => question.QuestionId).Count());
        Assert.Equal(questions.Count, questions.DistinctBy(question => question.Number).Count());
        Assert.Equal(questions.Count, questions.DistinctBy(question => question.Text.Zh).Count());
        Assert.Equal(questions.Count, questions.DistinctBy(question => question.Text.En).Count());
        Assert.All(questions, question => Assert.Matches(question.Text.En.EndsWith('?') ? @"？\z" : @"[。？]\z", question.Text.Zh));
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_question_hangs_on_an_earlier_one_that_can_give_the_answer(string id)
    {
        var before = new Dictionary<string, Question>();
        foreach (var question in Questions(Templates.Get(id)))
        {
            if (question.ShownIf is { } condition)
            {
                var other = before[condition.QuestionId];
                Assert.Contains(condition.Equals_,
                    other.Type == QuestionType.YesNo ? ["true", "false"] : other.Choices.Select(choice => choice.Code));
                Assert.True(other.Required || question.ShownIf.Equals_ == "true", question.QuestionId);
            }

            before.Add(question.QuestionId, question);
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void Every_answer_has_limits(string id) => Assert.All(Questions(Templates.Get(id)), question =>
    {
        Assert.InRange(question.MaxFiles, 1, 20);
        switch (question.Type)
        {
            case QuestionType.Number:
                Assert.True(question.NumberLimits is { Min.Length: > 0 }, question.QuestionId);
                break;
            case QuestionType.Date:
                Assert.True(question.DateLimits is { Earliest.Length: > 0 }, question.QuestionId);
                break;
            case QuestionType.Table:
                Assert.InRange(question.MaxRows, 1, 500);
                Assert.Contains(question.Columns, column => column.Required);
                Assert.All(question.Columns.Where(column => column.Type == QuestionType.Number), column => Assert.NotEmpty(column.NumberLimits.Min));
                break;
            default:
                break;
        }
    });

    [Theory]
    [InlineData("edible_grains")]
    [InlineData("milled_grain")]
    [InlineData("malt")]
    [InlineData("milled_grain_and_malt")]
    public void Grain_is_asked_for_all_that_the_decree_names(string id) => Assert.Superset(
        new HashSet<string>
        {
            "grain_pests", "grain_quarantine_pest_measures", "grain_cleaning", "grain_drying", "grain_testing", "grain_fumigation",
            "grain_quality_system", "grain_enterprise_recommendation", "grain_registration_extension", "grain_enterprises",
        },
        Questions(Templates.Get(id)).Select(question => question.QuestionId).ToHashSet());

    [Theory, MemberData(nameof(Ids))]
    public void A_questionnaire_asks_what_only_its_product_is_asked(string id)
    {
        var others = Thirteen.Where(other => other != id && !(id.Contains('_') && id.Contains(other, StringComparison.Ordinal)))
            .SelectMany(other => Questions(Templates.Get(other))).Select(question => question.QuestionId).ToHashSet();
        var own = Questions(Templates.Get(id)).Count(question => !others.Contains(question.QuestionId));
        Assert.True(id == "milled_grain_and_malt" || own >= 10, $"{id}: {own} of its own");
    }

    [Fact]
    public void Every_type_of_question_is_used() => Assert.Equal(
        Enum.GetValues<QuestionType>().Where(type => type != QuestionType.Unspecified),
        Templates.All.SelectMany(Questions).Select(question => question.Type).Distinct().Order());

    [Fact]
    public void Supplementary_material_is_a_text_with_files()
    {
        var question = Assert.Single(Questions(Templates.Get("supplementary")));
        Assert.Equal((QuestionType.LongText, true, true), (question.Type, question.Required, question.FileRequired));
    }

    [Fact]
    public void A_questionnaire_or_version_that_is_not_there_is_not_found()
    {
        Assert.False(Templates.TryGet("meat", 9, out _));
        Assert.False(Templates.TryGet("fish", 0, out _));
        Assert.Throws<KeyNotFoundException>(() => Templates.Get("meat", 2));
        Assert.Same(Templates.Get("meat"), Templates.Get("meat", 1));
    }

    [Fact]
    public void An_operators_new_version_is_the_newest_and_the_old_one_stays()
    {
        using var folder = new OperatorFolder();
        folder.Write("Templates/common-own.json",
            $$"""{ "parts": { "6": { "zh": "附则", "en": "Annex" } }, "sets": { "own.6": [ { "id": "extra", "type": "YES_NO", {{Text}} } ] } }""");
        folder.Write("Templates/meat-2.json", Template("meat", 2,
            """{ "include": "common.1" }""", """, { "part_id": "6", "questions": [ { "include": "own.6" } ] }"""));
        var templates = new QuestionnaireTemplates(folder.Path);

        var newest = templates.Get("meat");
        Assert.Equal(2, newest.Version);
        Assert.Equal(["1", "6", "S"], newest.Parts.Select(part => part.PartId));
        Assert.Equal("6.1", newest.Parts[1].Questions[0].Number);
        Assert.Equal(Templates.Get("meat"), templates.Get("meat", 1));
        Assert.Equal(Templates.All.Count + 1, templates.All.Count);
    }

    [Theory]
    [InlineData("""{ "id": "a", "type": "YES_NO", @text }, { "id": "a", "type": "YES_NO", @text }""", "question a (1.2): is there twice")]
    [InlineData("""{ "include": "common.9" }""", "include common.9: there is no such common set")]
    [InlineData("""{ "include": "common.1", "required": true }""", "include common.1: stands with members of a question")]
    [InlineData("""{ "id": "a", "type": "YES_NO", @text, "shown_if": { "question_id": "b", "equals": "true" } }""",
        "question a (1.1): shown_if: no question b comes before")]
    [InlineData("""{ "id": "b", "type": "YES_NO", @text }, { "id": "a", "type": "YES_NO", @text, "shown_if": { "question_id": "b", "equals": "YES" } }""",
        "question a (1.2): shown_if: b has no choice YES")]
    [InlineData("""{ "id": "a", "type": "SINGLE_CHOICE", @text }""", "question a (1.1): choices are missing")]
    [InlineData("""{ "id": "a", "type": "SINGLE_CHOICE", @text, "choices": [ { "code": "X", @text }, { "code": "X", @text } ] }""",
        "question a (1.1): a choice is there twice")]
    [InlineData("""{ "id": "a", "type": "TABLE", @text, "max_length": 9 }""", "question a (1.1): columns are missing")]
    [InlineData("""{ "id": "a", "type": "TEXT", @text }""", "question a (1.1): max_length is missing")]
    [InlineData("""{ "id": "a", "type": "FILE", @text, "required": true }""", "question a (1.1): a FILE is required by both")]
    [InlineData("""{ "id": "a", "type": "ESSAY", @text }""", "question a (1.1): there is no type ESSAY")]
    [InlineData("""{ "id": "a", "type": "YES_NO" }""", "question a (1.1): text is missing")]
    [InlineData("""{ "id": "a", "type": "YES_NO", "text": { "zh": "", "en": "A" } }""", "question a (1.1): text: the zh text is missing")]
    [InlineData("""{ "id": "a", "type": "YES_NO", "text": { "zh": "问题" } }""", "'en'")]
    [InlineData("""{ "id": "Not Snake", "type": "YES_NO", @text }""", "id must be snake_case")]
    [InlineData("""{ "id": "a", "type": "YES_NO", @text, "requierd": true }""", "requierd")]
    public void What_is_wrong_with_a_file_is_told(string questions, string fault)
    {
        using var folder = new OperatorFolder();
        folder.Write("Templates/test.json", Template("test", 1, questions.Replace("@text", Text, StringComparison.Ordinal)));
        var problem = Assert.Throws<InvalidDataException>(() => new QuestionnaireTemplates(folder.Path));
        Assert.Contains("test.json: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(fault, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_and_a_set_that_are_there_are_not_replaced()
    {
        using var folder = new OperatorFolder();
        folder.Write("Templates/common.json", """{ "parts": {}, "sets": { "common.1": [] } }""");
        folder.Write("Templates/meat.json", Template("meat", 1, """{ "include": "common.1" }"""));
        var problem = Assert.Throws<InvalidDataException>(() => new QuestionnaireTemplates(folder.Path));
        Assert.Contains("set common.1 is there already", problem.Message, StringComparison.Ordinal);
        Assert.Contains("meat has a version 1 already", problem.Message, StringComparison.Ordinal);
    }

    private static List<Question> Questions(QuestionnaireTemplate template) => [.. template.Parts.SelectMany(part => part.Questions)];

    private static string Template(string id, int version, string questions, string more = "") => $$"""
        { "template_id": "{{id}}", "version": {{version}}, "title": { "zh": "问卷", "en": "Questionnaire" }, "parts": [
          { "part_id": "1", "questions": [ {{questions}} ] }{{more}},
          { "part_id": "S", "questions": [ { "include": "common.S" } ] } ] }
        """;
}
