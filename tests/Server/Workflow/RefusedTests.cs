using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Tests.Workflow;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Workflow;

/// <summary>Every stage, status and event that have no line in the table, through the RPC of the event.</summary>
public sealed class RefusedTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    public static TheoryData<CaseKind, Stage, Status> Places()
    {
        var data = new TheoryData<CaseKind, Stage, Status>();
        foreach (var kind in Enum.GetValues<CaseKind>().Skip(1))
        {
            foreach (var stage in Enum.GetValues<Stage>().Skip(1))
            {
                foreach (var status in Enum.GetValues<Status>().Skip(1))
                    data.Add(kind, stage, status);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Places))]
    public async Task What_the_table_does_not_allow_is_refused_and_changes_nothing(CaseKind kind, Stage stage, Status status)
    {
        server.Script.Hold();
        var file = await server.FileAsync();
        var caseId = (await server.NewAsync(kind)).CaseId;
        server.Place(caseId, stage, status, kind);
        var before = await server.First.Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId });
        var timeline = await server.First.TimelineAsync(caseId);

        var refused = 0;
        foreach (var attempt in Attempt.All.Where(it => !IsAllowed(it, kind, stage, status)))
        {
            var refusal = await Refusal.OfAsync(() => attempt.MakeAsync(server.First, caseId, file));
            Assert.Equal(
                (attempt.Event, attempt.Stage, StatusCode.FailedPrecondition, WireNames.Of(Reason(attempt, kind, stage))),
                (attempt.Event, attempt.Stage, refusal.Code, refusal.Reason));
            Assert.Equal(
                (WireNames.Of(attempt.Event), WireNames.Of(kind), WireNames.Of(stage), WireNames.Of(status)),
                (refusal.Metadata["event"], refusal.Metadata["kind"], refusal.Metadata["stage"], refusal.Metadata["status"]));
            Assert.Equal(ExpectedPlaces(attempt, kind), NamedPlaces(refusal.Metadata["allowed"]));
            refused++;
        }

        Assert.InRange(refused, Attempt.All.Count - 8, Attempt.All.Count);
        Assert.Equal(before, await server.First.Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId }));
        Assert.Equal(timeline, await server.First.TimelineAsync(caseId));
    }

    [Theory, MemberData(nameof(Places))]
    public async Task A_case_names_the_events_that_its_place_allows(CaseKind kind, Stage stage, Status status)
    {
        var caseId = (await server.NewAsync(kind)).CaseId;
        server.Place(caseId, stage, status, kind);
        var expected = Enum.GetValues<CaseEvent>()
            .Where(what => ExpectedTable.Allows(kind, Actor.Authority, what, stage, status));
        Assert.Equal(expected, (await server.First.GetAsync(caseId)).AllowedEvents.Order());
    }

    [Fact]
    public async Task A_draft_that_was_submitted_before_is_not_discarded()
    {
        var caseId = await server.BringAsync(Stage.Application, Status.CorrectionRequired);
        await server.DoAsync(caseId, CaseEvent.Save, Stage.Application);
        (await Refusal.OfAsync(() => server.DoAsync(caseId, CaseEvent.Discard, Stage.Application)))
            .Is(StatusCode.FailedPrecondition, ErrorReason.StatusNotAllowed);
        Assert.DoesNotContain(CaseEvent.Discard, (await server.First.GetAsync(caseId)).AllowedEvents);
    }

    [Fact]
    public async Task No_questionnaire_is_opened_for_a_review_that_was_declined()
    {
        var caseId = (await server.NewAsync(CaseKind.Review)).CaseId;
        server.Place(caseId, Stage.Reception, Status.Received, CaseKind.Review, declined: true);
        (await Refusal.OfAsync(() => server.DoAsync(caseId, CaseEvent.OpenQuestionnaire, Stage.Reception)))
            .Is(StatusCode.FailedPrecondition, ErrorReason.StatusNotAllowed);
    }

    private static bool IsAllowed(Attempt attempt, CaseKind kind, Stage stage, Status status) =>
        (attempt.Stage == Stage.Unspecified || attempt.Stage == stage)
        && ExpectedTable.Allows(kind, attempt.Actor, attempt.Event, stage, status);

    private static ErrorReason Reason(Attempt attempt, CaseKind kind, Stage stage)
    {
        // A call that is for one stage speaks of that one; else every stage counts in which the event is known.
        List<Stage?> stages = attempt.Stage != Stage.Unspecified
            ? [attempt.Stage]
            : [.. ExpectedTable.Of(kind, attempt.Actor, attempt.Event).Select(line => line.Stage)];
        return !ExpectedPlaces(attempt, kind).Any() ? ErrorReason.CaseKindNotAllowed
            : stages.Contains(null) || stages.Contains(stage) ? ErrorReason.StatusNotAllowed
            : stages.Any(it => it > stage) ? ErrorReason.StageNotReached
            : ErrorReason.StageCompleted;
    }

    private static IEnumerable<string> ExpectedPlaces(Attempt attempt, CaseKind kind) => ExpectedTable.Of(
        kind, attempt.Actor, attempt.Event)
        .Where(line => attempt.Stage == Stage.Unspecified || line.Stage == attempt.Stage)
        .Select(line => $"{(line.Stage is { } stage ? WireNames.Of(stage) : "*")}:{WireNames.Of(line.Status)}")
        .Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> NamedPlaces(string allowed) => allowed.Split(';', StringSplitOptions.RemoveEmptyEntries)
        .Select(place => place.Split(':'))
        .SelectMany(place => place[1].Split('|').Select(status => $"{place[0]}:{status}"))
        .Distinct().Order(StringComparer.Ordinal);
}
