using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Reviews;

/// <summary>When Customs may start a review, by hand at the sandbox and by a message.</summary>
public sealed class ReviewStartTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_category_is_reviewed_only_once_an_assessment_for_it_is_passed()
    {
        await RefusedAsync(server.Second);

        // An assessment on its way, one that was rejected, and another authority's do not count.
        await server.BringAsync(Stage.CertificateConfirmation, Status.Approved);
        var rejected = await server.BringAsync(Stage.Questionnaire, Status.Approved);
        await server.DoAsync(rejected, CaseEvent.Reject, Stage.Questionnaire);
        await RefusedAsync(Us);

        await server.NewAsync(CaseKind.Review);
        await RefusedAsync(server.Second);
        await RefusedAsync(Us, "RICE");
        Assert.Equal(Stage.Reception, (await Us.ReviewAsync()).Stage);
    }

    [Fact]
    public async Task A_wrong_start_is_refused_field_by_field()
    {
        await server.NewAsync(CaseKind.Review);
        await FieldsAsync(new StartReviewRequest(), "category Required", "request_id Required");
        await FieldsAsync(New("MOON_CHEESE"), "category UnknownValue");
        var wrong = New("FROZEN_FRUIT");
        wrong.Products.Add(["FROZEN_FRUIT_ALL", "MEAT_BEEF", "FROZEN_FRUIT_ALL", "NOTHING"]);
        wrong.Summary = new string('长', 2049);
        await FieldsAsync(wrong, "products[1] UnknownValue", "products[2] Duplicate", "products[3] UnknownValue", "summary TooLong");
        var nameless = New("FROZEN_FRUIT");
        nameless.Contact = Authority.NewContact();
        nameless.Contact.Email = "";
        await FieldsAsync(nameless, "contact.email Required");
        var forged = New("FROZEN_FRUIT");
        forged.Files.Add(new SandboxFile { Name = "a.pdf", Content = Google.Protobuf.ByteString.CopyFrom(SampleFiles.Zip()) });
        (await Refusal.OfAsync(Us.Sandbox.StartReviewAsync(forged)))
            .Is(StatusCode.InvalidArgument, ErrorReason.FileContentMismatch);
    }

    [Fact]
    public async Task A_start_asked_for_again_makes_no_second_review()
    {
        await server.NewAsync(CaseKind.Review);
        var request = New("FROZEN_FRUIT");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(async _ => await Us.Sandbox.StartReviewAsync(request)));
        Assert.Single(answers.Distinct());
        Assert.Equal(answers[0], await Us.Sandbox.StartReviewAsync(request));
        Assert.Single(await Us.AllReceiptsAsync(), it => it.Event == CaseEvent.StartReview && it.CaseId == answers[0].Case.CaseId);
        request.Summary = "another";
        (await Refusal.OfAsync(Us.Sandbox.StartReviewAsync(request))).Is(StatusCode.AlreadyExists, ErrorReason.RequestIdReused);
    }

    [Fact]
    public async Task A_message_of_Customs_starts_a_review_once()
    {
        await server.NewAsync(CaseKind.Review);
        var start = Said.Of("01KA8BERGZQ4ZQJ7KJ41GPWGH3", Start("first"));
        server.Script.Say(start, start);
        var made = await Wait.ForAsync(
            async () => (await Us.Cases.ListCasesAsync(new ListCasesRequest())).Cases.FirstOrDefault(it => it.Number == start.CaseNumber),
            it => it is not null);
        Assert.Equal((CaseKind.Review, Stage.Reception, Status.Pending), (made!.Kind, made.Stage, made.Status));
        Assert.Single(await Us.AllReceiptsAsync(), it => it.MessageId == start.MessageId);
        Assert.Equal(
            ErrorReason.StageCompleted, (await ThrownAsync(Said.Of(start.CaseNumber, Start("first")))).Reason);
        Assert.Single(await Us.TimelineAsync(made.CaseId));
    }

    [Fact]
    public async Task A_message_that_overtakes_the_start_of_its_review_waits_for_its_turn()
    {
        await server.NewAsync(CaseKind.Review);
        var number = Ulids.New(DateTimeOffset.UtcNow);
        server.Script.Say(Said.Of(number, new Interop.Messages.OpenQuestionnaire(""), 3), Said.Of(number, Start("first"), 1));
        await Wait.ForAsync(
            async () => (await Us.Cases.ListCasesAsync(new ListCasesRequest())).Cases.Any(it => it.Number == number), it => it);
        await server.DoAsync(number, CaseEvent.AcceptReview, Stage.Reception);
        server.Script.Say(Said.Of(number, new Interop.Messages.Received(), 2));
        await Us.UntilAsync(number, Stage.Questionnaire, Status.Pending);
    }

    [Fact]
    public async Task A_start_that_overtakes_the_close_of_its_assessment_waits_for_it()
    {
        var assessed = await server.BringAsync(Stage.CertificateConfirmation, Status.Approved);
        var start = Said.Of(Ulids.New(DateTimeOffset.UtcNow), Start("first"), 1);
        // What follows the start waits with it.
        server.Script.Say(start, Said.Of(start.CaseNumber, new Interop.Messages.Received(), 2), start);
        var held = await HeldAsync(2);
        Assert.All(held, it => Assert.Equal(CustomsMessageState.Waiting, it.State));
        Assert.Equal((HoldReason.AssessmentNotPassedYet, "first"), (held[0].Reason, held[0].AuthorityId));
        await server.RestartAsync();
        server.Script.Say(Said.Of((await Us.GetAsync(assessed)).Number, new Interop.Messages.Close()));
        var review = await Wait.ForAsync(
            async () => (await Us.Cases.ListCasesAsync(new ListCasesRequest())).Cases.FirstOrDefault(it => it.Number == start.CaseNumber),
            it => it is not null);
        Assert.Equal((Stage.Reception, Status.Pending), (review!.Stage, review.Status));
        Assert.Single(await Us.AllReceiptsAsync(), it => it.MessageId == start.MessageId);
        Assert.Equal(CaseEvent.Received, Assert.Single(await HeldAsync(1)).Event);
    }

    [Fact]
    public async Task A_start_waits_though_no_assessment_is_under_way_and_is_quarantined_at_once_where_it_can_never_apply()
    {
        var wrong = Start("first") with { Products = ["MEAT_BEEF"] };
        server.Script.Say(
            Said.Of(Ulids.New(DateTimeOffset.UtcNow), Start("first")), Said.Of(Ulids.New(DateTimeOffset.UtcNow), wrong),
            Said.Of(Ulids.New(DateTimeOffset.UtcNow), Start("nobody")));
        Assert.Equal(
            [HoldReason.AssessmentNotPassedYet, HoldReason.ContentInvalid, HoldReason.ContentInvalid],
            (await HeldAsync(3)).Select(it => it.Reason));

        await server.BringAsync(Stage.Completed, Status.Approved);
        await Wait.ForAsync(
            async () => (await Us.Cases.ListCasesAsync(new ListCasesRequest { Kind = CaseKind.Review })).Cases.Count, it => it == 1);
    }

    [Fact]
    public async Task A_start_that_has_waited_for_too_long_is_quarantined()
    {
        await server.StopAsync();
        server.Settings["Inbox:LongestWait"] = "00:00:01";
        server.Settings["Inbox:LookInterval"] = "00:00:00.050";
        await server.StartAsync();
        server.Script.Say(Said.Of(Ulids.New(DateTimeOffset.UtcNow), Start("first")));
        await Wait.ForAsync(() => server.Operator.HeldAsync(), it => it is [{ Reason: HoldReason.WaitedTooLong }]);
    }

    [Fact]
    public async Task A_message_that_starts_no_review_says_why()
    {
        await server.NewAsync(CaseKind.Review);
        var number = Ulids.New(DateTimeOffset.UtcNow);
        Assert.Equal(ErrorReason.AuthorityNotFound, (await ThrownAsync(Said.Of(number, Start("nobody")))).Reason);
        Assert.Equal(ErrorReason.AssessmentNotPassed, (await ThrownAsync(Said.Of(number, Start("second")))).Reason);
        var misnumbered = await ThrownAsync(Said.Of("209901000000000001", Start("first")));
        Assert.Equal("case_number", Assert.Single(misnumbered.Problems).Field);
        var bare = await ThrownAsync(Said.Of(number, Start("first") with { Products = [] }));
        Assert.Equal("products", Assert.Single(bare.Problems).Field);
        (await Refusal.OfAsync(() => Us.GetAsync(number))).Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
    }

    private Task<IReadOnlyList<CustomsMessage>> HeldAsync(int count) =>
        Wait.ForAsync(() => server.Operator.HeldAsync(), it => it.Count == count, it => $"{it.Count} held");

    private static StartReviewRequest New(string category) => new() { RequestId = Authority.NewId(), Category = category };

    private static StartReview Start(string authorityId) =>
        SandboxReview.Of(authorityId, "FROZEN_FRUIT", ["FROZEN_FRUIT_ALL"]);

    private Task<BridgeException> ThrownAsync(CustomsReceipt receipt) => Assert.ThrowsAsync<BridgeException>(
        () => server.Services.GetRequiredService<Inbox>().ApplyAsync(receipt, "", ("", ""), _ => Task.CompletedTask, CancellationToken.None));

    private async Task FieldsAsync(StartReviewRequest request, params string[] expected) => Assert.Equal(
        string.Join('\n', expected), (await Refusal.OfAsync(Us.Sandbox.StartReviewAsync(request))).Fields);

    private static async Task RefusedAsync(Authority authority, string category = "FROZEN_FRUIT")
    {
        var refused = await Refusal.OfAsync(() => authority.ReviewAsync(category));
        refused.Is(StatusCode.FailedPrecondition, ErrorReason.AssessmentNotPassed);
        Assert.Equal(category, refused.Metadata["category"]);
    }
}
