using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace SingleWindowBridge.Server.Tests.Sandbox;

/// <summary>The clock of the simulated Customs, its faults on demand, and the way back to the beginning.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_clock_that_stands_holds_what_is_planned_and_an_advance_brings_it()
    {
        await Us.Sandbox.SetScenarioAsync(
            new SetScenarioRequest { Scenario = "straight_through", ActDelay = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)) });
        var stopped = (await Us.Sandbox.StopClockAsync(new StopClockRequest())).Clock;
        Assert.True(stopped.Stopped);
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);

        var advanced = (await Us.Sandbox.AdvanceClockAsync(Advance(600))).Clock;
        Assert.Equal(TimeSpan.FromSeconds(600), advanced.Time.ToDateTimeOffset() - stopped.Time.ToDateTimeOffset());
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        await server.RestartAsync();
        await Us.Sandbox.AdvanceClockAsync(Advance(600));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Accepted);
        Assert.Equal(advanced.Time.ToDateTimeOffset().AddSeconds(600), (await Us.Sandbox.GetClockAsync(new GetClockRequest())).Clock.Time.ToDateTimeOffset());

        Assert.False((await Us.Sandbox.StartClockAsync(new StartClockRequest())).Clock.Stopped);
        await Us.Sandbox.AdvanceClockAsync(Advance(1200));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
    }

    [Fact]
    public async Task An_advance_that_is_asked_for_again_is_made_once_and_answered_as_it_was()
    {
        var request = Advance(600);
        request.RequestId = Authority.NewId();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await Us.Sandbox.AdvanceClockAsync(request)));
        Assert.Single(answers.Distinct());
        await server.RestartAsync();
        request.RequestId = request.RequestId.ToUpperInvariant();
        Assert.Equal(answers[0], await Us.Sandbox.AdvanceClockAsync(request));
        var stopped = (await Us.Sandbox.StopClockAsync(new StopClockRequest())).Clock.Time.ToDateTimeOffset();
        Assert.InRange(stopped - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(600));

        // The other account may use the same id, and this one may not for anything else.
        Assert.NotEqual(answers[0], await server.Second.Sandbox.AdvanceClockAsync(request));
        (await Refusal.OfAsync(Us.Sandbox.AdvanceClockAsync(new AdvanceClockRequest(request) { By = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) })))
            .Is(StatusCode.AlreadyExists, ErrorReason.RequestIdReused);
        (await Refusal.OfAsync(Us.Sandbox.ResetAccountAsync(new ResetAccountRequest { RequestId = request.RequestId })))
            .Is(StatusCode.AlreadyExists, ErrorReason.RequestIdReused);
        Assert.Equal(
            "request_id Malformed",
            (await Refusal.OfAsync(Us.Sandbox.AdvanceClockAsync(new AdvanceClockRequest(request) { RequestId = "1" }))).Fields);
        Assert.Equal(stopped, (await Us.Sandbox.GetClockAsync(new GetClockRequest())).Clock.Time.ToDateTimeOffset());
    }

    [Fact]
    public async Task Faults_and_a_reset_that_are_asked_for_again_change_nothing()
    {
        var refuse = new SetFaultsRequest
        {
            RequestId = Authority.NewId(),
            Faults = { new Fault { Kind = FaultKind.Lost, Direction = FaultDirection.Submissions } },
        };
        await Us.Sandbox.SetFaultsAsync(refuse);
        await Us.UntilAsync((await Us.ApplyAsync()).CaseId, Stage.Application, Status.Sent);
        await Us.Sandbox.SetFaultsAsync(refuse);
        await Us.UntilAsync((await Us.ApplyAsync()).CaseId, Stage.Questionnaire, Status.Pending);

        var reset = new ResetAccountRequest { RequestId = Authority.NewId() };
        await Us.Sandbox.ResetAccountAsync(reset);
        var made = await Us.ApplyAsync();
        Assert.Equal(new ResetAccountResponse(), await Us.Sandbox.ResetAccountAsync(reset));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
        await Us.Sandbox.ResetAccountAsync(new ResetAccountRequest());
        (await Refusal.OfAsync(() => Us.GetAsync(made.CaseId))).Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
    }

    [Fact]
    public async Task A_clock_is_the_accounts_own()
    {
        await Us.Sandbox.StopClockAsync(new StopClockRequest());
        Assert.False((await server.Second.Sandbox.GetClockAsync(new GetClockRequest())).Clock.Stopped);
        await server.Second.UntilAsync((await server.Second.ApplyAsync()).CaseId, Stage.Questionnaire, Status.Pending);
    }

    [Theory]
    [InlineData(FaultKind.Doubled)]
    [InlineData(FaultKind.Reordered)]
    [InlineData(FaultKind.Late)]
    public async Task Receipts_that_come_late_twice_or_in_disorder_change_nothing_in_the_end(FaultKind kind)
    {
        await FaultAsync(kind, FaultDirection.Receipts, 3, TimeSpan.FromMilliseconds(300));
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
        Assert.Equal(
            [CaseEvent.Received, CaseEvent.Accept, CaseEvent.Approve, CaseEvent.OpenQuestionnaire],
            (await Us.TimelineAsync(made.CaseId)).Where(it => it.Actor == Actor.Customs).Select(it => it.Event));
        Assert.Empty(await server.Operator.HeldAsync());
    }

    [Fact]
    public async Task A_receipt_that_is_lost_is_made_up_for_by_hand_and_the_rest_follows()
    {
        await FaultAsync(FaultKind.Lost, FaultDirection.Receipts, 1);
        var made = await Us.ApplyAsync();
        await Wait.ForAsync(() => server.Operator.HeldAsync(CustomsMessageState.Waiting), it => it.Count == 3);
        await Us.ActAsync(made.CaseId, new CustomsAct { Received = new Received() });
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
    }

    [Fact]
    public async Task A_receipt_that_cannot_be_read_is_quarantined()
    {
        await FaultAsync(FaultKind.Malformed, FaultDirection.Receipts, 1);
        await Us.ApplyAsync();
        var held = await Wait.ForAsync(() => server.Operator.HeldAsync(CustomsMessageState.Quarantined), it => it.Count == 1);
        Assert.Equal(HoldReason.Unreadable, held[0].Reason);
    }

    [Theory]
    [InlineData(FaultKind.Lost, Status.Sent)]
    [InlineData(FaultKind.Malformed, Status.ReceiveFailed)]
    [InlineData(FaultKind.Refused, Status.SendFailed)]
    public async Task A_submission_fails_as_asked_and_the_next_one_goes_well(FaultKind kind, Status status)
    {
        await FaultAsync(kind, FaultDirection.Submissions, kind == FaultKind.Refused ? 2 : 1);
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, status);
        await Us.UntilAsync((await Us.ApplyAsync()).CaseId, Stage.Questionnaire, Status.Pending);
        Assert.Equal(status, (await Us.GetAsync(made.CaseId)).Status);
    }

    [Fact]
    public async Task A_fault_that_a_direction_does_not_have_is_refused_by_name()
    {
        var refusal = await Refusal.OfAsync(Us.Sandbox.SetFaultsAsync(new SetFaultsRequest
        {
            Faults =
            {
                new Fault { Kind = FaultKind.Refused, Direction = FaultDirection.Receipts },
                new Fault { Direction = FaultDirection.Submissions, Count = -1 },
            },
        }));
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
        Assert.Equal("faults[0].kind NotApplicable\nfaults[1].count OutOfRange\nfaults[1].kind Required", refusal.Fields);
    }

    [Fact]
    public async Task A_reset_erases_an_accounts_own_and_refuses_old_cursors_by_name()
    {
        var theirs = await server.Second.ApplyAsync();
        await server.Second.UntilAsync(theirs.CaseId, Stage.Questionnaire, Status.Pending);
        await Us.FollowAsync("manual");
        await Us.Sandbox.StopClockAsync(new StopClockRequest());
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        var cursor = (await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest())).NextCursor;
        using var follower = Follower.From(Us, cursor);
        await follower.NextAsync();

        await Us.Sandbox.ResetAccountAsync(new ResetAccountRequest());
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
                await follower.NextAsync();
        })).StatusCode);
        (await Refusal.OfAsync(Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = cursor })))
            .Is(StatusCode.InvalidArgument, ErrorReason.CursorInvalid);
        (await Refusal.OfAsync(() => Us.GetAsync(made.CaseId))).Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
        Assert.Empty((await Us.Cases.ListCasesAsync(new ListCasesRequest())).Cases);
        Assert.False((await Us.Sandbox.GetClockAsync(new GetClockRequest())).Clock.Stopped);
        Assert.Equal(Stage.Questionnaire, (await server.Second.GetAsync(theirs.CaseId)).Stage);

        var next = await Us.ApplyAsync();
        await Us.UntilAsync(next.CaseId, Stage.Questionnaire, Status.Pending);
        Assert.Equal(1, (await Us.AllReceiptsAsync())[0].Number);
    }

    [Fact]
    public async Task An_account_that_is_none_of_the_sandbox_is_not_let_in()
    {
        using (var connection = server.Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE authorities SET sandbox = FALSE WHERE authority_id = 'first'";
            command.ExecuteNonQuery();
        }

        await server.RestartAsync();
        (await Refusal.OfAsync(Us.Sandbox.ResetAccountAsync(new ResetAccountRequest())))
            .Is(StatusCode.Unauthenticated, ErrorReason.CredentialOfOtherKind);
    }

    [Fact]
    public async Task An_act_by_hand_that_is_refused_for_its_fields_drops_nothing_of_the_scenario()
    {
        await Us.Sandbox.SetScenarioAsync(
            new SetScenarioRequest { Scenario = "straight_through", ActDelay = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)) });
        await Us.Sandbox.StopClockAsync(new StopClockRequest());
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        await Us.Sandbox.AdvanceClockAsync(Advance(600));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        (await Refusal.OfAsync(() => Us.ActAsync(made.CaseId, new CustomsAct { NotAccept = new NotAccept() })))
            .Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
        await Us.Sandbox.AdvanceClockAsync(Advance(1800));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
    }

    [Fact]
    public async Task Two_accounts_may_use_the_same_request_id()
    {
        await Us.FollowAsync("manual");
        await server.Second.FollowAsync("manual");
        var id = Authority.NewId();
        foreach (var authority in new[] { Us, server.Second })
        {
            var made = await authority.ApplyAsync();
            var request = new PerformActRequest { RequestId = id, CaseId = made.CaseId, Act = new CustomsAct { Received = new Received() } };
            Assert.Equal(Status.Received, (await authority.Sandbox.PerformActAsync(request)).Case.Status);
            Assert.Equal(Status.Received, (await authority.Sandbox.PerformActAsync(request)).Case.Status);
        }
    }

    private static AdvanceClockRequest Advance(int seconds) => new() { By = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) };

    private async Task FaultAsync(FaultKind kind, FaultDirection direction, int count, TimeSpan? delay = null) =>
        await Us.Sandbox.SetFaultsAsync(new SetFaultsRequest
        {
            Faults =
            {
                new Fault
                {
                    Kind = kind, Direction = direction, Count = count, Delay = delay is { } late ? Duration.FromTimeSpan(late) : null,
                },
            },
        });
}
