using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Sandbox;

/// <summary>Every scenario of the simulated Customs, against an authority that answers everything.</summary>
public sealed class ScenarioTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    public static TheoryData<string, string, Stage, Status> Ends => new()
    {
        { "straight_through", "Q P C", Stage.Completed, Status.Approved },
        { "with_signatories", "Q P C S", Stage.Completed, Status.Approved },
        { "application_correction", "A Q P C", Stage.Completed, Status.Approved },
        { "application_not_accepted", "", Stage.Application, Status.NotAccepted },
        { "application_rejected", "", Stage.Completed, Status.Rejected },
        { "questionnaire_correction", "Q Q P C", Stage.Completed, Status.Approved },
        { "questions_marked", "Q Q P C", Stage.Completed, Status.Approved },
        { "questionnaire_not_accepted", "Q", Stage.Questionnaire, Status.NotAccepted },
        { "questionnaire_rejected", "Q", Stage.Completed, Status.Rejected },
        { "one_rectification", "Q R P C", Stage.Completed, Status.Approved },
        { "two_rectifications", "Q R R P C", Stage.Completed, Status.Approved },
        { "correction_and_two_rectifications", "Q Q R R P C", Stage.Completed, Status.Approved },
        { "rectification_correction", "Q R R P C", Stage.Completed, Status.Approved },
        { "rectification_rejected", "Q R", Stage.Completed, Status.Rejected },
        { "three_negotiation_rounds", "Q P P P C C C", Stage.Completed, Status.Approved },
        { "negotiation_rejected", "Q P", Stage.Completed, Status.Rejected },
        { "receive_failed", "A Q Q P P C C", Stage.Completed, Status.Approved },
        { "send_failed", "D Q P C", Stage.Completed, Status.Approved },
        { "decided_at_once", "Q R R P C", Stage.Completed, Status.Approved },
        { "corrected_at_once", "A Q Q R R P C", Stage.Completed, Status.Approved },
        { "application_not_accepted_under_review", "", Stage.Application, Status.NotAccepted },
        { "application_rejected_at_once", "", Stage.Completed, Status.Rejected },
        { "questionnaire_not_accepted_under_review", "Q", Stage.Questionnaire, Status.NotAccepted },
        { "questionnaire_rejected_at_once", "Q", Stage.Completed, Status.Rejected },
        { "questionnaire_rejected_under_review", "Q", Stage.Completed, Status.Rejected },
        { "rectification_rejected_at_once", "Q R", Stage.Completed, Status.Rejected },
        { "rectification_receive_failed", "Q R R P C", Stage.Completed, Status.Approved },
        { "negotiated_at_once", "Q P C", Stage.Completed, Status.Approved },
        { "certificate_rejected", "Q P C", Stage.Completed, Status.Rejected },
        { "review_closed_at_questionnaire", "Q P C", Stage.Completed, Status.Approved },
        { "review_closed_at_assessment", "Q P C", Stage.Completed, Status.Approved },
        { "review_closed_after_rectification", "Q P C", Stage.Completed, Status.Approved },
    };

    public static TheoryData<string, bool, string, Stage, Status> EndsOfReviews => new()
    {
        { "straight_through", false, "+ Q P C", Stage.Completed, Status.Approved },
        { "straight_through", true, "-", Stage.Completed, Status.Rejected },
        { "with_signatories", false, "+ Q P C S", Stage.Completed, Status.Approved },
        { "questionnaire_correction", false, "+ Q Q P C", Stage.Completed, Status.Approved },
        { "questionnaire_not_accepted", false, "+ Q", Stage.Questionnaire, Status.NotAccepted },
        { "questionnaire_rejected", false, "+ Q", Stage.Completed, Status.Rejected },
        { "two_rectifications", false, "+ Q R R P C", Stage.Completed, Status.Approved },
        { "rectification_rejected", false, "+ Q R", Stage.Completed, Status.Rejected },
        { "three_negotiation_rounds", false, "+ Q P P P C C C", Stage.Completed, Status.Approved },
        { "receive_failed", false, "+ + Q Q P P C C", Stage.Completed, Status.Approved },
        { "receive_failed", true, "- -", Stage.Completed, Status.Rejected },
        { "send_failed", false, "+ D Q P C", Stage.Completed, Status.Approved },
        { "send_failed", true, "- D", Stage.Completed, Status.Rejected },
        { "review_closed_at_questionnaire", false, "+ Q", Stage.Completed, Status.Approved },
        { "review_closed_at_assessment", false, "+ Q", Stage.Completed, Status.Approved },
        { "review_closed_after_rectification", false, "+ Q R", Stage.Completed, Status.Approved },
    };

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Theory, MemberData(nameof(Ends))]
    public async Task A_scenario_asks_what_it_says_and_comes_to_its_end(string scenario, string answers, Stage stage, Status status)
    {
        await Us.FollowAsync(scenario);
        var office = new BackOffice(server);
        var end = await office.SeeThroughAsync(withSignatories: scenario == "with_signatories");
        Assert.Equal((answers, stage, status), (office.Answers, end.Stage, end.Status));
        Assert.Equal(Enumerable.Range(1, office.Seen.Count).Select(number => (long)number), office.Seen.Select(it => it.Number));
        Assert.Equal(await Us.AllReceiptsAsync(), office.Seen);
        Assert.All(office.Seen.Where(it => it.Status is Status.Rejected or Status.NotAccepted), it => Assert.NotEqual(
            "", it.Opinion));
        if (status == Status.Approved)
        {
            var whole = await Us.Cases.GetCaseAsync(new GetCaseRequest { CaseId = end.CaseId });
            Assert.Equal((1, 1), (whole.ProtocolFiles.Count, whole.CertificateFiles.Count));
        }
    }

    [Theory, MemberData(nameof(EndsOfReviews))]
    public async Task A_scenario_brings_a_review_to_its_end(
        string scenario, bool declined, string answers, Stage stage, Status status)
    {
        await new BackOffice(server).SeeThroughAsync();
        await Us.FollowAsync(scenario);
        var office = new BackOffice(server);
        var end = await office.SeeReviewThroughAsync(declined, withSignatories: scenario == "with_signatories");
        Assert.Equal((answers, stage, status), (office.Answers, end.Stage, end.Status));
        Assert.All(office.Seen, it => Assert.Equal(CaseKind.Review, it.Kind));
        Assert.Equal(office.Seen, (await Us.AllReceiptsAsync()).TakeLast(office.Seen.Count));
        if (status == Status.Rejected && !declined)
            Assert.NotEqual("", end.Opinion);
    }

    [Fact]
    public async Task A_review_follows_an_assessment_by_itself_where_the_scenario_says_so()
    {
        await Us.FollowAsync("review_after_completion");
        var passed = await new BackOffice(server).SeeThroughAsync();
        var review = (await Wait.ForAsync(
            async () => (await Us.Cases.ListCasesAsync(new ListCasesRequest { Kind = CaseKind.Review })).Cases,
            it => it.Count > 0)).Single();
        var first = (await Us.AllReceiptsAsync())[^1];
        Assert.Equal((review.CaseId, passed.Number + 1, CaseEvent.StartReview), (first.CaseId, first.Number, first.Event));
        var assessed = await Us.GetAsync(passed.CaseId);
        Assert.Equal((assessed.Category, assessed.Products), (review.Category, review.Products));
        Assert.NotEmpty(first.Files);
    }

    [Fact]
    public async Task Every_scenario_is_listed_in_both_languages_the_usual_one_first()
    {
        var listed = (await Us.Sandbox.ListScenariosAsync(new ListScenariosRequest())).Scenarios;
        Assert.Equal("straight_through", listed[0].Name);
        Assert.Equal(Ends.Select(row => (string)row[0]).Concat(["manual", "review_after_completion"]).Order(), listed.Select(it => it.Name).Order());
        Assert.All(listed, it => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", it.Description.Zh));
        Assert.All(listed, it => Assert.Matches("[a-z]{4}", it.Description.En));
    }

    [Fact]
    public async Task By_hand_nothing_happens_by_itself()
    {
        await Us.FollowAsync("manual");
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);

        // Another case comes through meanwhile, so there was time.
        await Us.FollowAsync("straight_through");
        await Us.UntilAsync((await Us.ApplyAsync()).CaseId, Stage.Questionnaire, Status.Pending);
        Assert.Equal(Status.Sent, (await Us.GetAsync(made.CaseId)).Status);
        Assert.Equal(Status.Received, (await Us.ActAsync(made.Number, new CustomsAct { Received = new Received() })).Status);
    }

    [Fact]
    public async Task A_scenario_chosen_for_a_case_is_for_that_case_alone()
    {
        var chosen = await Us.DraftAsync(await Us.NewFormAsync());
        await Us.Sandbox.SetScenarioAsync(new SetScenarioRequest { CaseId = chosen.CaseId, Scenario = "application_not_accepted" });
        await Us.Applications.SubmitApplicationAsync(
            new SubmitApplicationRequest { RequestId = Authority.NewId(), CaseId = chosen.CaseId });
        var other = await Us.ApplyAsync();
        await Us.UntilAsync(chosen.CaseId, Stage.Application, Status.NotAccepted);
        await Us.UntilAsync(other.CaseId, Stage.Questionnaire, Status.Pending);
    }

    [Fact]
    public async Task An_act_by_hand_takes_the_place_of_what_was_planned()
    {
        await Us.Sandbox.SetScenarioAsync(new SetScenarioRequest
        {
            Scenario = "straight_through", ActDelay = Duration.FromTimeSpan(TimeSpan.FromHours(1)),
        });
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        Assert.Equal(Status.Received, (await Us.ActAsync(made.CaseId, new CustomsAct { Received = new Received() })).Status);
        var ended = await Us.ActAsync(made.CaseId, new CustomsAct { NotAccept = new NotAccept { Opinion = "不予受理" } });
        Assert.Equal((Stage.Application, Status.NotAccepted), (ended.Stage, ended.Status));
    }

    [Fact]
    public async Task A_wrong_choice_is_refused_by_field()
    {
        var unknown = await Refusal.OfAsync(() => Us.FollowAsync("straight"));
        unknown.Is(StatusCode.NotFound, ErrorReason.ScenarioNotFound);
        Assert.Equal("straight", unknown.Metadata["scenario"]);
        Assert.Equal("scenario Required", (await Refusal.OfAsync(() => Us.FollowAsync(""))).Fields);
        foreach (var (seconds, nanos) in new[] { (3601L, 0), (-1L, 0), (0L, -1), (3600L, 1) })
        {
            var refusal = await Refusal.OfAsync(Us.Sandbox.SetScenarioAsync(new SetScenarioRequest
            {
                Scenario = "manual", ActDelay = new Duration { Seconds = seconds, Nanos = nanos },
            }));
            Assert.Equal("act_delay OutOfRange", refusal.Fields);
        }
    }

    [Theory]
    [InlineData("straight_through")]
    [InlineData("correction_and_two_rectifications")]
    [InlineData("send_failed")]
    public async Task A_journey_is_whole_though_the_server_is_dropped_after_every_step(string scenario)
    {
        await Us.FollowAsync(scenario);
        var calm = new BackOffice(server);
        await calm.SeeThroughAsync();
        var dropped = new BackOffice(server, server.RestartAsync);
        var end = await dropped.SeeThroughAsync();

        Assert.Equal((Stage.Completed, Status.Approved), (end.Stage, end.Status));
        Assert.Equal(calm.Answers, dropped.Answers);
        var all = await Us.AllReceiptsAsync();
        Assert.Equal(Enumerable.Range(1, all.Count).Select(number => (long)number), all.Select(it => it.Number));
        Assert.Equal(Customs(calm.Seen[^1].CaseId), Customs(end.CaseId));
        Assert.Equal(all.Count, all.Select(it => (it.MessageId, it.Event)).Distinct().Count());

        IEnumerable<(CaseEvent, Stage, Status)> Customs(string caseId) => all
            .Where(it => it.CaseId == caseId && it.Actor == Actor.Customs).Select(it => (it.Event, it.Stage, it.Status));
    }
}
