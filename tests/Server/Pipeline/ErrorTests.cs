using System.Text.RegularExpressions;
using Google.Rpc;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Pipeline;

/// <summary>What an error carries over the wire.</summary>
public sealed partial class ErrorTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    public static TheoryData<ErrorReason> Reasons =>
        [.. Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified)];

    [Theory, MemberData(nameof(Reasons))]
    public void A_reason_has_a_status_and_texts_in_both_languages(ErrorReason reason)
    {
        var texts = ErrorTexts.Of(reason);
        Assert.NotEqual(StatusCode.OK, texts.Status);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", texts.Zh);
        Assert.Matches("[a-z]{3}", texts.En);
        Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", texts.En);
        Assert.Equal(
            texts.Status == StatusCode.Unavailable || reason is ErrorReason.RateLimited or ErrorReason.TooManyAtOnce, texts.RetryAfter is not null);
        // Metadata that the Chinese text names is named by the English one as well, but for the event, which has no Chinese name here.
        Assert.Subset(Places(texts.En), Places(texts.Zh));
    }

    [Fact]
    public async Task A_refusal_carries_its_reason_first_and_both_texts()
    {
        var refusal = await Refusal.OfAsync(() => Us.GetAsync("202600000000000000"));
        Assert.Equal(StatusCode.NotFound, refusal.Code);
        Assert.True(refusal.Details[0].Is(ErrorInfo.Descriptor));
        Assert.Equal(("CASE_NOT_FOUND", "singlewindow.bridge", "202600000000000000"),
            (refusal.Reason, refusal.Info.Domain, refusal.Metadata["case_id"]));
        Assert.Equal("没有编号为 202600000000000000 的业务。", refusal.TextIn("zh-CN"));
        Assert.Equal("There is no case 202600000000000000.", refusal.TextIn("en"));
        Assert.Equal(refusal.TextIn("en"), refusal.Message);
        Assert.Equal(3, refusal.Details.Count);
    }

    [Fact]
    public async Task A_text_that_the_store_cannot_keep_is_named()
    {
        // SQLite keeps U+0000; there it is an id like another that there is not.
        var unknown = await Refusal.OfAsync(() => Us.GetAsync("2026\0"));
        Assert.Equal(TestDatabase.IsPostgres ? "FIELD_INVALID" : "CASE_NOT_FOUND", unknown.Reason);
        if (!TestDatabase.IsPostgres)
            return;

        Assert.Equal("case_id Malformed", unknown.Fields);
        var draft = new SaveApplicationRequest { RequestId = Authority.NewId(), Application = new Application { Summary = "a\0b" } };
        Assert.Equal("application.summary Malformed", (await Refusal.OfAsync(Us.Applications.SaveApplicationAsync(draft))).Fields);
        draft.Application.Summary = "ab";
        await Us.Applications.SaveApplicationAsync(draft);
    }

    [Fact]
    public async Task Field_problems_are_told_in_the_common_form_and_in_both_languages()
    {
        var refusal = await Refusal.OfAsync(Us.Applications.SubmitApplicationAsync(new SubmitApplicationRequest
        {
            RequestId = Authority.NewId(), Application = new Application { Category = "PLANETS" },
        }));
        var plain = refusal.Detail<BadRequest>().FieldViolations;
        Assert.Equal(plain.Select(it => (it.Field, it.Description)), refusal.Problems.Select(it => (it.Field, it.Message.En)));
        var category = refusal.Problems[0];
        Assert.Equal(
            ("application.category", FieldProblemCode.UnknownValue, "没有食品类别 PLANETS。", "There is no food category PLANETS."),
            (category.Field, category.Code, category.Message.Zh, category.Message.En));
        Assert.Contains("application.category: There is no food category PLANETS.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_problems_than_an_error_can_carry_are_counted_and_validate_only_lists_them_all()
    {
        // Every row of this table lacks two cells that it needs.
        var rows = Enumerable.Range(1, 20).Select(row => new TableRow { Cells = { ["name_zh"] = $"牛肉{row}" } });
        var request = new SubmitAnswersRequest
        {
            RequestId = Authority.NewId(), CaseId = await BeefAsync(), ValidateOnly = true,
            Answers = { new Answer { QuestionId = "export_products", Table = new TableAnswer { Rows = { rows } } } },
        };
        var all = (await Us.Questionnaires.SubmitAnswersAsync(request)).Problems;
        request.ValidateOnly = false;
        var refusal = await Refusal.OfAsync(Us.Questionnaires.SubmitAnswersAsync(request));
        Assert.InRange(all.Count, 60, 100);
        Assert.Equal(($"{all.Count}", $"{refusal.Problems.Count}"), (refusal.Metadata["count"], refusal.Metadata["listed"]));
        Assert.InRange(refusal.Problems.Count, 5, all.Count - 1);
        Assert.All(all, problem => Assert.NotNull(problem.QuestionText));
        foreach (var problem in all)
            problem.QuestionText = null;
        Assert.Equal(all.Take(refusal.Problems.Count), refusal.Problems);
    }

    [Theory]
    [InlineData("case")]
    [InlineData("file")]
    [InlineData("category")]
    [InlineData("scenario")]
    [InlineData("enum")]
    [InlineData("template")]
    [InlineData("file name")]
    public async Task What_a_caller_sends_does_not_blow_an_error_up(string what)
    {
        var text = new string('汉', 10_000);
        var refusal = await Refusal.OfAsync(what switch
        {
            "case" => async () => await Us.GetAsync(text),
            "file" => async () => await Us.Files.GetFileAsync(new GetFileRequest { FileId = text }),
            "category" => async () => await Us.DraftAsync(
                new Application { Category = text, Products = { text, text }, FileIds = { text, text } }),
            "scenario" => async () => await Us.FollowAsync(text),
            "enum" => async () => await Us.Catalogue.ListEnumValuesAsync(new ListEnumValuesRequest { EnumName = text }),
            "template" => async () => await Us.Catalogue.GetTemplateAsync(new GetTemplateRequest { TemplateId = text }),
            _ => async () => await Us.UploadAsync(name: text + ".pdf"),
        });
        Assert.Contains(refusal.Code, new[] { StatusCode.NotFound, StatusCode.InvalidArgument });
        Assert.InRange(refusal.Details.Sum(it => it.CalculateSize()), 1, 6_100);
        Assert.InRange(refusal.Message.Length, 1, 1_000);
    }

    [Fact]
    public async Task A_path_that_names_what_the_caller_sent_stays_short()
    {
        var text = new string('q', 60_000);
        var rows = new TableAnswer { Rows = { new TableRow { Cells = { [text] = "x" } } } };
        var refusal = await Refusal.OfAsync(Us.Questionnaires.SaveAnswersAsync(new SaveAnswersRequest
        {
            RequestId = Authority.NewId(), CaseId = await BeefAsync(), ClearedQuestionIds = { text },
            Answers = { new Answer { QuestionId = "export_products", Table = rows }, new Answer { QuestionId = text } },
        }));
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
        Assert.Equal(3, refusal.Problems.Count);
        Assert.InRange(refusal.Details.Sum(it => it.CalculateSize()), 1, 6_100);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task A_topic_that_the_contract_does_not_have_is_refused_by_name(int topic)
    {
        var caseId = await server.BringAsync(Stage.ProtocolNegotiation, Status.Pending);
        var problem = topic == 0 ? "topic Required" : "topic UnknownValue";
        var value = (NegotiationTopic)topic;
        foreach (var refusal in new[]
        {
            await Refusal.OfAsync(
                Us.Negotiations.GetNegotiationAsync(new GetNegotiationRequest { CaseId = caseId, Topic = value })),
            await Refusal.OfAsync(
                Us.Negotiations.SaveReplyAsync(
                    new SaveReplyRequest { RequestId = Authority.NewId(), CaseId = caseId, Topic = value })),
            await Refusal.OfAsync(
                Us.Negotiations.SubmitReplyAsync(
                    new SubmitReplyRequest { RequestId = Authority.NewId(), CaseId = caseId, Topic = value })),
        })
        {
            Assert.Equal(problem, refusal.Fields);
        }
    }

    [Fact]
    public async Task A_call_without_a_case_id_is_refused_by_field()
    {
        Assert.Equal("case_id Required", (await Refusal.OfAsync(() => Us.GetAsync(""))).Fields);
        Assert.Equal("case_id Required", (await Refusal.OfAsync(Us.Cases.RedeliverCaseAsync(
            new RedeliverCaseRequest { RequestId = Authority.NewId() }))).Fields);
        Assert.Equal("act Required", (await Refusal.OfAsync(Us.Sandbox.PerformActAsync(
            new PerformActRequest { RequestId = Authority.NewId(), CaseId = "x" }))).Fields);
    }

    private async Task<string> BeefAsync()
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync("MEAT", "MEAT_BEEF");
        foreach (var what in new[] { CaseEvent.Received, CaseEvent.Approve, CaseEvent.OpenQuestionnaire })
            await server.DoAsync(made.CaseId, what, Stage.Application);
        return made.CaseId;
    }

    private static HashSet<string> Places(string text) =>
        [.. PlaceHolder().Matches(text).Select(match => match.Value).Where(name => name != "{event}")];

    [GeneratedRegex(@"\{[a-z_0-9]+\}")]
    private static partial Regex PlaceHolder();
}
