using SingleWindowBridge.EndToEnd.Processes;
using SingleWindowBridge.Testing;

namespace SingleWindowBridge.EndToEnd;

/// <summary>Retrospective reviews over the SDK, from their start to their end.</summary>
public sealed class ReviewJourneyTests : IAsyncLifetime, IDisposable
{
    private readonly Workspace _workspace = new();
    private BridgeServer _server = null!;
    private Office _office = null!;
    private Case _assessment = null!;

    private SingleWindowClient Client => _server.Client;

    public async Task InitializeAsync()
    {
        _server = await BridgeServer.StartAsync(_workspace.Folder);
        _office = new Office(Client);
        _assessment = (await _office.PassAssessmentAsync()).Case;
        Assert.Equal((Stage.Completed, Status.Approved), (_assessment.Stage, _assessment.Status));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _server.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public async Task An_accepted_review_leads_to_a_certificate()
    {
        var started = await _office.StartReviewAsync("one_rectification");
        Assert.Equal((CaseKind.Review, Stage.Reception, Status.Pending), (started.Kind, started.Stage, started.Status));
        Assert.True(started.Allows(CaseEvent.AcceptReview) && started.Allows(CaseEvent.DeclineReview));
        var handle = Client.Case(started.Number!);
        var review = (await handle.GetReviewAsync()).Review;
        Assert.Equal((Office.Category, null), (review.Category, review.Answer));
        Assert.Equal(_assessment.Products, review.Products);
        Assert.NotEmpty(review.Contact.Email);
        var notice = Path.Combine(_workspace.Folder, "notice.pdf");
        await Client.Files.DownloadAsync(Assert.Single(review.Files).Id, notice);
        Assert.StartsWith("%PDF", await File.ReadAllTextAsync(notice), StringComparison.Ordinal);

        Assert.Empty((await handle.AcceptReviewAsync(Office.Contact, new SubmitOptions { ValidateOnly = true })).Problems);
        var accepted = await handle.AcceptReviewAsync(Office.Contact, new SubmitOptions { ETag = started.ETag });
        Assert.Equal(Status.Declared, accepted.Case.Status);
        var answer = (await handle.GetReviewAsync()).Review.Answer!;
        Assert.Equal((ReviewDecision.Accepted, Office.Contact), (answer.Decision, answer.Contact));

        var ended = await _office.SeeThroughAsync(handle);
        Assert.Equal((Stage.Completed, Status.Approved), (ended.Case.Stage, ended.Case.Status));
        Assert.Single(ended.ProtocolFiles);
        Assert.Single(ended.CertificateFiles);
        Assert.Equal(Journeys.AcceptedReview, await CourseAsync(started));
        var receipts = await ReceiptsAsync(started);
        Assert.All(receipts, receipt => Assert.Equal((CaseKind.Review, started.Number), (receipt.Kind, receipt.CaseNumber)));
        Assert.Equal(
            [started.Id], await Client.Cases.ListAsync(new CaseFilter { Kind = CaseKind.Review }).Select(it => it.Id).ToListAsync());
    }

    [Fact]
    public async Task A_declined_review_ends_with_the_refusal()
    {
        var started = await _office.StartReviewAsync("straight_through");
        var handle = Client.Case(started.Id);
        var wrong = await Assert.ThrowsAsync<ValidationException>(
            () => handle.DeclineReviewAsync(Office.Contact with { Email = "nobody", Phone = null }));
        Assert.Equal(
            ["contact.email", "contact.phone.country_code", "contact.phone.number"], wrong.Fields.Select(it => it.Path).Order());

        await handle.DeclineReviewAsync(Office.Contact);
        var ended = await handle.WaitForAsync(it => it.HasEnded);
        Assert.Equal((Stage.Completed, Status.Rejected), (ended.Stage, ended.Status));
        Assert.Equal(ReviewDecision.Declined, (await Client.Reviews.GetAsync(started.Number!)).Review.Answer!.Decision);
        Assert.Equal(
            [(Stage.Reception, CaseEvent.StartReview), (Stage.Reception, CaseEvent.DeclineReview), (Stage.Completed, CaseEvent.Received)],
            await CourseAsync(started));
        await Assert.ThrowsAsync<StageCompletedException>(() => handle.AcceptReviewAsync(Office.Contact));

        // A category may be reviewed again.
        Assert.Equal(Stage.Reception, (await _office.StartReviewAsync("manual")).Stage);
    }

    [Fact]
    public async Task A_review_is_closed_at_the_assessment_where_the_protocol_needs_no_change()
    {
        var started = await _office.StartReviewAsync("manual");
        var handle = Client.Case(started.Id);
        await handle.AcceptReviewAsync(Office.Contact);
        await ActAsync(new CustomsAct.Received());
        await ActAsync(new CustomsAct.OpenQuestionnaire());
        await _office.SubmitAsync(handle, Stage.Questionnaire);
        await ActAsync(new CustomsAct.Received());
        await ActAsync(new CustomsAct.Approve());
        await ActAsync(new CustomsAct.ApproveAssessment());
        var closed = await ActAsync(new CustomsAct.Close("检查结束，议定书无需修订。\nClosed without a revision."));
        Assert.Equal((Stage.Completed, Status.Approved), (closed.Stage, closed.Status));
        var details = await handle.GetAsync();
        Assert.Empty(details.ProtocolFiles);
        Assert.Equal((Stage.Assessment, CaseEvent.Close), (details.Opinions[^1].Stage, details.Opinions[^1].Event));

        async Task<Case> ActAsync(CustomsAct act) => (await Client.Sandbox.PerformAsync(started.Id, act)).Case;
    }

    [Fact]
    public async Task What_is_not_for_the_case_is_refused_by_a_type_of_its_own()
    {
        var unpassed = await Assert.ThrowsAsync<AssessmentNotPassedException>(
            () => Client.Sandbox.StartReviewAsync(new ReviewStart("RICE")));
        Assert.Equal("RICE", unpassed.Category);
        var kind = await Assert.ThrowsAsync<CaseKindNotAllowedException>(() => Client.Reviews.GetAsync(_assessment.Id));
        Assert.Equal((CaseKind.Assessment, Stage.Completed), (kind.Kind, kind.Stage));
        var review = await _office.StartReviewAsync("manual");
        await Assert.ThrowsAsync<CaseKindNotAllowedException>(() => Client.Applications.GetAsync(review.Id));
        await Assert.ThrowsAsync<CaseNotFoundException>(
            () => Client.Reviews.AcceptAsync("01KA8BERGZQ4ZQJ7KJ41GPWGH3", Office.Contact));
    }

    private async Task<List<Receipt>> ReceiptsAsync(Case review) =>
        await Client.Receipts.ListAsync().Where(receipt => receipt.CaseId == review.Id).ToListAsync();

    private async Task<IEnumerable<(Stage Stage, CaseEvent Event)>> CourseAsync(Case review) =>
        CaseChecks.Course(await ReceiptsAsync(review));
}
