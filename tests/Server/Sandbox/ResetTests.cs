using Dapper;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Sandbox;

/// <summary>What is on its way, in either direction, while a sandbox account is reset.</summary>
public sealed class ResetTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    // By hand up to the reply upon which Customs has a review in mind.
    private static readonly (CaseEvent What, Stage Stage)[] Way =
    [
        (CaseEvent.Received, Stage.Application), (CaseEvent.Approve, Stage.Application), (CaseEvent.OpenQuestionnaire, Stage.Application),
        (CaseEvent.Submit, Stage.Questionnaire), (CaseEvent.Received, Stage.Questionnaire), (CaseEvent.Approve, Stage.Questionnaire),
        (CaseEvent.OpenRound, Stage.Questionnaire), (CaseEvent.Submit, Stage.ProtocolNegotiation),
        (CaseEvent.Received, Stage.ProtocolNegotiation), (CaseEvent.CompleteNegotiation, Stage.ProtocolNegotiation),
        (CaseEvent.PublishProtocol, Stage.ProtocolNegotiation), (CaseEvent.PublishAnnouncement, Stage.ProtocolSigning),
        (CaseEvent.OpenRound, Stage.Announcement), (CaseEvent.Submit, Stage.CertificateNegotiation),
    ];

    private Authority Us => server.First;

    private Inbox Inbox => server.Services.GetRequiredService<Inbox>();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task What_Customs_said_vanishes_with_the_cases()
    {
        var theirs = await server.Second.ApplyAsync();
        await server.Second.UntilAsync(theirs.CaseId, Stage.Questionnaire, Status.Pending);
        await Us.FollowAsync("manual");
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        await TakeInAsync(Said.Of(made.Number, new Interop.Messages.Approve()), CustomsMessageState.Waiting);
        await Us.Sandbox.ResetAccountAsync(new ResetAccountRequest());

        var received = Said.Of(made.Number, new Interop.Messages.Received());
        await TakeInAsync(received, CustomsMessageState.Discarded);
        await TakeInAsync(received, CustomsMessageState.Discarded);
        await TakeInAsync(Said.Of(made.Number, new Interop.Messages.Reject()), CustomsMessageState.Discarded);
        var broken = CustomsReceipt.Unreadable("sandbox", "It ends in the middle.", "<?xml"u8.ToArray(), DateTimeOffset.UtcNow);
        await TakeInAsync(broken with { CaseNumber = made.Number }, CustomsMessageState.Discarded);
        Assert.Empty(await server.Operator.HeldAsync());
        Assert.Empty(await Us.AllReceiptsAsync());

        // What nobody has erased is quarantined as ever.
        await TakeInAsync(Said.Of("209912000000000001", new Interop.Messages.Received()), CustomsMessageState.Quarantined);
        Assert.Equal(Stage.Questionnaire, (await server.Second.GetAsync(theirs.CaseId)).Stage);
    }

    [Fact]
    public async Task A_review_that_Customs_was_about_to_start_is_not_started()
    {
        await Us.FollowAsync("review_after_completion");
        await Us.Sandbox.StopClockAsync(new StopClockRequest());
        var made = await Us.ApplyAsync();
        foreach (var (what, stage) in Way)
            await Attempt.At(what, stage).MakeAsync(Us, made.CaseId, await Us.UploadAsync());
        await Us.UntilAsync(made.CaseId, Stage.CertificateNegotiation, Status.Sent);
        string? review;
        using (var connection = server.Connect())
            review = connection.QueryFirstOrDefault<string>("SELECT case_number FROM sandbox_cases WHERE LENGTH(case_number) = 26");
        Assert.NotNull(review);
        await Us.Sandbox.ResetAccountAsync(new ResetAccountRequest());

        await TakeInAsync(Said.Of(review, new Interop.Messages.Received(), 2), CustomsMessageState.Discarded);
        await TakeInAsync(Said.Of(review, SandboxReview.Of("first", "FROZEN_FRUIT", ["FROZEN_FRUIT_ALL"])), CustomsMessageState.Discarded);
        Assert.Empty(await server.Operator.HeldAsync());
        Assert.Empty((await Us.Cases.ListCasesAsync(new ListCasesRequest())).Cases);
    }

    [Fact]
    public async Task A_submission_that_arrives_at_Customs_afterwards_is_dropped()
    {
        await Us.FollowAsync("manual");
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        await Us.Sandbox.ResetAccountAsync(new ResetAccountRequest());

        var contact = new ContactPerson("Export", "A. Person", "Director", "64", "4", "8940100", "a@example.org");
        await server.Services.GetRequiredService<SandboxChannel>().SendAsync(
            new Submission(
                Guid.NewGuid().ToString(), DateTimeOffset.UtcNow, made.Number, "first", 1,
                new ApplicationContent("FROZEN_FRUIT", ["FROZEN_FRUIT_ALL"], contact, "冷冻蓝莓", [])),
            CancellationToken.None);
        using (var connection = server.Connect())
            Assert.Equal(0, connection.QuerySingle<long>("SELECT COUNT(*) FROM sandbox_cases WHERE case_number = @Number", new { made.Number }));

        // The account goes on as a new one does.
        await Us.UntilAsync((await Us.ApplyAsync()).CaseId, Stage.Questionnaire, Status.Pending);
        Assert.Empty(await server.Operator.HeldAsync());
    }

    private async Task TakeInAsync(CustomsReceipt receipt, CustomsMessageState state) =>
        Assert.Equal(state, (await Inbox.TakeInAsync(receipt, CancellationToken.None)).State);
}
