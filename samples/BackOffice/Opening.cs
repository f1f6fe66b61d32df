using SingleWindowBridge;

namespace BackOffice;

/// <summary>How the case that is followed comes to be: a draft of our own, or a review that Customs starts.</summary>
/// <param name="client">The bridge.</param>
/// <param name="file">The state.</param>
/// <param name="authority">Whose key it is.</param>
/// <param name="sandbox">How the simulated Customs is to act; null for as it likes.</param>
/// <param name="review">The review that is waited for; null to file a case.</param>
public sealed class Opening(
    ISingleWindowClient client, StateFile file, Authority authority, SandboxInput? sandbox, ReviewInput? review)
{
    /// <summary>Notes where the feed stands, then opens the case; a review may not have come yet.</summary>
    /// <exception cref="BackOfficeException">The state is of another authority.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (file.State.FeedStart is null)
        {
            var head = (await client.Receipts.ListPageAsync(pageSize: 1, cancellationToken: cancellationToken)).HeadNumber;
            file.Change(state => (state.AuthorityId, state.FeedStart, state.LastReceipt) = (authority.Id, head, head));
        }

        if (file.State.AuthorityId != authority.Id)
            throw new BackOfficeException($"The case in the state was filed by {file.State.AuthorityId}, not by {authority.Id}.");
        if (file.State.CaseId is not null)
            return;
        if (review is null)
            await OpenDraftAsync(cancellationToken);
        else
            await LookForReviewAsync(review, cancellationToken);
    }

    /// <summary>Whether a receipt tells of the review that is waited for.</summary>
    public async Task<bool> IsAwaitedAsync(Receipt receipt, CancellationToken cancellationToken) =>
        review is not null && file.State.CaseId is null && receipt.Event == CaseEvent.StartReview
        && (await client.Cases.GetAsync(receipt.CaseId, cancellationToken)).Case.Category == review.Category;

    // A case begins with an empty draft: from there on, everything is decided from the case itself.
    private async Task OpenDraftAsync(CancellationToken cancellationToken)
    {
        var options = new ChangeOptions { RequestId = file.RequestId("open") };
        var opened = await client.Applications.SaveAsync(new Application(), null, options, cancellationToken);
        file.Change(state => state.CaseId = opened.Case.Id);
    }

    // One that was started before we began to look has no receipt after the place in the feed. Every later one has.
    private async Task LookForReviewAsync(ReviewInput awaited, CancellationToken cancellationToken)
    {
        var open = new CaseFilter
        {
            Kind = CaseKind.Review,
            Category = awaited.Category,
            Stage = Stage.Reception,
            Status = Status.Pending,
        };
        await foreach (var found in client.Cases.ListAsync(open, cancellationToken: cancellationToken))
        {
            file.Change(state => (state.CaseId, state.CaseNumber) = (found.Id, found.Number));
            return;
        }

        if (authority.IsSandbox && sandbox is { StartReview: true })
        {
            var options = new ChangeOptions { RequestId = file.RequestId("start review") };
            await client.Sandbox.StartReviewAsync(new(awaited.Category), options, cancellationToken);
        }
    }
}
