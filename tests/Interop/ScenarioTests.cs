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
        ("manual", "APPLICATION", "DECLARED", "Application"),
    ];

    public static TheoryData<string> Names => new(Expected.Select(e => e.Scenario));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Scenario_plays_to_its_end(string scenario)
    {
        using var journey = new Journey(scenario, restarts: false);
        await journey.RunAsync();
        AssertPlayed(scenario, journey);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Restarts_after_every_step_change_nothing_that_the_authority_sees(string scenario)
    {
        using var straight = new Journey(scenario, restarts: false);
        using var broken = new Journey(scenario, restarts: true);
        await straight.RunAsync();
        await broken.RunAsync();
        AssertPlayed(scenario, broken);
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
                    var model = Reached(kind);
                    foreach (var act in scenario.Turns.For(kind, count)) model.Apply(act.GetType().Name);
                }
            }
        }
    }

    private static void AssertPlayed(string scenario, Journey journey)
    {
        var expected = Expected.Single(e => e.Scenario == scenario);
        Assert.Equal((expected.Stage, expected.Status), (journey.Model.Stage, journey.Model.Status));
        Assert.Equal(expected.Submissions, string.Join(' ', journey.Submissions));
        Assert.All(journey.Receipts, r => Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", r.MessageId));
        Assert.Equal(journey.Receipts.Count, journey.Receipts.Select(r => r.MessageId).Distinct().Count());
    }

    /// <summary>A case in which a submission of this kind has just been declared.</summary>
    private static CaseModel Reached(SubmissionKind kind)
    {
        var model = new CaseModel();
        var turns = Scenarios.Find(kind == SubmissionKind.Rectification ? "one_rectification" : "with_signatories")!.Turns;
        SubmissionKind[] way =
        [
            SubmissionKind.Application, SubmissionKind.Questionnaire,
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
