using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>Every scenario, played to its end by an authority that always answers.</summary>
public sealed class ScenarioTests
{
    private const string Whole = "Application Questionnaire ProtocolReply CertificateReply";

    // Scenario, the stage and status where it ends, what the authority has submitted by then.
    private static readonly (string Scenario, string Stage, string Status, string Submissions)[] Expected =
    [
        ("straight_through", "COMPLETED", "APPROVED", Whole),
        ("with_signatories", "COMPLETED", "APPROVED", $"{Whole} Signatories"),
        ("application_correction", "COMPLETED", "APPROVED", $"Application {Whole}"),
        ("application_not_accepted", "APPLICATION", "NOT_ACCEPTED", "Application"),
        ("application_rejected", "COMPLETED", "REJECTED", "Application"),
        ("questionnaire_correction", "COMPLETED", "APPROVED",
            "Application Questionnaire Questionnaire ProtocolReply CertificateReply"),
        ("questions_marked", "COMPLETED", "APPROVED",
            "Application Questionnaire Questionnaire ProtocolReply CertificateReply"),
        ("questionnaire_not_accepted", "QUESTIONNAIRE", "NOT_ACCEPTED", "Application Questionnaire"),
        ("questionnaire_rejected", "COMPLETED", "REJECTED", "Application Questionnaire"),
        ("one_rectification", "COMPLETED", "APPROVED", "Application Questionnaire Rectification ProtocolReply CertificateReply"),
        ("two_rectifications", "COMPLETED", "APPROVED",
            "Application Questionnaire Rectification Rectification ProtocolReply CertificateReply"),
        ("correction_and_two_rectifications", "COMPLETED", "APPROVED",
            "Application Questionnaire Questionnaire Rectification Rectification ProtocolReply CertificateReply"),
        ("rectification_correction", "COMPLETED", "APPROVED",
            "Application Questionnaire Rectification Rectification ProtocolReply CertificateReply"),
        ("rectification_rejected", "COMPLETED", "REJECTED", "Application Questionnaire Rectification"),
        ("three_negotiation_rounds", "COMPLETED", "APPROVED",
            "Application Questionnaire ProtocolReply ProtocolReply ProtocolReply " +
            "CertificateReply CertificateReply CertificateReply"),
        ("negotiation_rejected", "COMPLETED", "REJECTED", "Application Questionnaire ProtocolReply"),
        ("receive_failed", "COMPLETED", "APPROVED",
            "Application Application Questionnaire Questionnaire ProtocolReply ProtocolReply CertificateReply CertificateReply"),
        ("send_failed", "COMPLETED", "APPROVED", "Application! Questionnaire ProtocolReply CertificateReply"),
        ("review_after_completion", "COMPLETED", "APPROVED", Whole),
        ("review_closed_at_questionnaire", "COMPLETED", "APPROVED", Whole),
        ("review_closed_at_assessment", "COMPLETED", "APPROVED", Whole),
        ("review_closed_after_rectification", "COMPLETED", "APPROVED", Whole),
        ("decided_at_once", "COMPLETED", "APPROVED",
            "Application Questionnaire Rectification Rectification ProtocolReply CertificateReply"),
        ("corrected_at_once", "COMPLETED", "APPROVED",
            "Application Application Questionnaire Questionnaire Rectification Rectification ProtocolReply CertificateReply"),
        ("application_not_accepted_under_review", "APPLICATION", "NOT_ACCEPTED", "Application"),
        ("application_rejected_at_once", "COMPLETED", "REJECTED", "Application"),
        ("questionnaire_not_accepted_under_review", "QUESTIONNAIRE", "NOT_ACCEPTED", "Application Questionnaire"),
        ("questionnaire_rejected_at_once", "COMPLETED", "REJECTED", "Application Questionnaire"),
        ("questionnaire_rejected_under_review", "COMPLETED", "REJECTED", "Application Questionnaire"),
        ("rectification_rejected_at_once", "COMPLETED", "REJECTED", "Application Questionnaire Rectification"),
        ("rectification_receive_failed", "COMPLETED", "APPROVED",
            "Application Questionnaire Rectification Rectification ProtocolReply CertificateReply"),
        ("negotiated_at_once", "COMPLETED", "APPROVED", Whole),
        ("certificate_rejected", "COMPLETED", "REJECTED", Whole),
        ("manual", "APPLICATION", "DECLARED", "Application"),
    ];

    // As above, for a review that the authority accepts; the acceptance is its first submission.
    private static readonly (string Scenario, string Stage, string Status, string Submissions)[] ExpectedOfReviews =
    [
        .. Expected.Where(e => !e.Scenario.StartsWith("application", StringComparison.Ordinal)
                && !e.Scenario.StartsWith("review_closed", StringComparison.Ordinal) && e.Scenario is not ("manual" or "corrected_at_once"))
            .Select(e => e with { Submissions = e.Submissions.Replace("Application", "ReviewAcceptance", StringComparison.Ordinal) }),
        ("corrected_at_once", "COMPLETED", "APPROVED",
            "ReviewAcceptance Questionnaire Questionnaire Rectification Rectification ProtocolReply CertificateReply"),
        ("review_closed_at_questionnaire", "COMPLETED", "APPROVED", "ReviewAcceptance Questionnaire"),
        ("review_closed_at_assessment", "COMPLETED", "APPROVED", "ReviewAcceptance Questionnaire"),
        ("review_closed_after_rectification", "COMPLETED", "APPROVED", "ReviewAcceptance Questionnaire Rectification"),
        ("manual", "RECEPTION", "DECLARED", "ReviewAcceptance"),
    ];

    // As above, for a review that the authority declines.
    private static readonly (string Scenario, string Stage, string Status, string Submissions)[] ExpectedOfRefusals =
    [
        ("straight_through", "COMPLETED", "REJECTED", "ReviewRefusal"),
        ("receive_failed", "COMPLETED", "REJECTED", "ReviewRefusal ReviewRefusal"),
        ("send_failed", "COMPLETED", "REJECTED", "ReviewRefusal!"),
        ("manual", "RECEPTION", "DECLARED", "ReviewRefusal"),
    ];

    private static readonly SubmissionKind[] OfReviews = [SubmissionKind.ReviewAcceptance, SubmissionKind.ReviewRefusal];

    public static TheoryData<string> Names => new(Expected.Select(e => e.Scenario));

    public static TheoryData<string, SubmissionKind> Reviews
    {
        get
        {
            var data = new TheoryData<string, SubmissionKind>();
            foreach (var (scenario, _, _, _) in ExpectedOfReviews) data.Add(scenario, SubmissionKind.ReviewAcceptance);
            foreach (var (scenario, _, _, _) in ExpectedOfRefusals) data.Add(scenario, SubmissionKind.ReviewRefusal);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Scenario_plays_to_its_end(string scenario)
    {
        using var journey = new Journey(scenario, restarts: false);
        await journey.RunAsync();
        AssertPlayed(Expected, scenario, journey);
    }

    [Theory]
    [MemberData(nameof(Reviews))]
    public async Task Scenario_plays_a_review_to_its_end(string scenario, SubmissionKind answer)
    {
        var expected = answer == SubmissionKind.ReviewAcceptance ? ExpectedOfReviews : ExpectedOfRefusals;
        using var straight = new Journey(scenario, restarts: false, answer);
        using var broken = new Journey(scenario, restarts: true, answer);
        await straight.RunAsync();
        await broken.RunAsync();
        AssertPlayed(expected, scenario, straight);
        AssertPlayed(expected, scenario, broken);
        Assert.Equal(straight.Receipts.Select(r => r.Act.GetType()), broken.Receipts.Select(r => r.Act.GetType()));
        Assert.Null(straight.Following);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_review_follows_a_completed_assessment_where_the_scenario_says_so(bool restarts)
    {
        using var journey = new Journey("review_after_completion", restarts);
        await journey.RunAsync();
        var start = Assert.IsType<StartReview>(journey.Following!.Act);
        Assert.Equal(("NZ-MPI", "DAIRY", "INFANT_FORMULA"), (start.AuthorityId, start.Category, Assert.Single(start.Products)));
        Assert.True(Ulids.IsUlid(journey.Following.CaseNumber));
        new CaseModel(SubmissionKind.ReviewAcceptance).Apply(start);

        using var other = new Journey("straight_through", restarts);
        await other.RunAsync();
        Assert.Null(other.Following);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Restarts_after_every_step_change_nothing_that_the_authority_sees(string scenario)
    {
        using var straight = new Journey(scenario, restarts: false);
        using var broken = new Journey(scenario, restarts: true);
        await straight.RunAsync();
        await broken.RunAsync();
        AssertPlayed(Expected, scenario, broken);
        Assert.Equal(straight.Receipts.Select(r => r.Act.GetType()), broken.Receipts.Select(r => r.Act.GetType()));
    }

    [Fact]
    public void Every_scenario_is_played_and_described() =>
        Assert.Equal(Expected.Select(e => e.Scenario), Scenarios.All
            .Where(s => s.DescriptionEn.Length > 0 && s.DescriptionZh.Any(c => c >= '\u4e00'))
            .Select(s => s.Name));

    [Fact]
    public async Task Rectification_rounds_bear_different_numbers()
    {
        using var journey = new Journey("two_rectifications", restarts: true);
        await journey.RunAsync();
        var numbers = journey.Receipts.Select(r => r.Act).OfType<RequireRectification>().Select(a => a.Number).ToList();
        Assert.Equal(2, numbers.Distinct().Count());
    }

    /// <summary>A scenario may be chosen in the middle of a case, so each turn must fit the stage whatever came before.</summary>
    [Fact]
    public void Every_turn_of_every_scenario_fits_its_stage()
    {
        foreach (var scenario in Scenarios.All)
        {
            foreach (var kind in Enum.GetValues<SubmissionKind>())
            {
                for (var count = 1; count <= 4; count++)
                {
                    if (!OfReviews.Contains(kind)) Fits(Reached(kind, null), scenario.Turns);
                    if (kind == SubmissionKind.Application) continue;
                    Fits(Reached(kind, kind == SubmissionKind.ReviewRefusal ? kind : SubmissionKind.ReviewAcceptance), scenario.ReviewTurns);

                    void Fits(CaseModel model, ScenarioTurns turns)
                    {
                        foreach (var act in turns.For(kind, count).Where(act => act is not StartReview))
                            model.Apply(act.GetType().Name);
                    }
                }
            }
        }
    }

    private static void AssertPlayed(
        (string Scenario, string Stage, string Status, string Submissions)[] all, string scenario, Journey journey)
    {
        var expected = all.Single(e => e.Scenario == scenario);
        Assert.Equal((expected.Stage, expected.Status), (journey.Model.Stage, journey.Model.Status));
        Assert.Equal(expected.Submissions, string.Join(' ', journey.Submissions));
        Assert.All(journey.Receipts, r => Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", r.MessageId));
        Assert.Equal(journey.Receipts.Count, journey.Receipts.Select(r => r.MessageId).Distinct().Count());
    }

    /// <summary>A case in which a submission of this kind has just been declared.</summary>
    private static CaseModel Reached(SubmissionKind kind, SubmissionKind? answer)
    {
        var model = new CaseModel(answer);
        if (answer is not null) model.Apply("StartReview");
        var turns = Scenarios.Find(kind == SubmissionKind.Rectification ? "one_rectification" : "with_signatories")!.Turns;
        SubmissionKind[] way =
        [
            answer ?? SubmissionKind.Application, SubmissionKind.Questionnaire,
            SubmissionKind.ProtocolReply, SubmissionKind.CertificateReply,
        ];
        if (kind == SubmissionKind.Rectification) way = way[..2];
        foreach (var step in way.TakeWhile(k => k != kind))
        {
            model.Apply($"submit {step}");
            foreach (var act in turns.For(step, 1)) model.Apply(act.GetType().Name);
        }

        model.Apply($"submit {kind}");
        return model;
    }
}
