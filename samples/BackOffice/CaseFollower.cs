using SingleWindowBridge;

namespace BackOffice;

/// <summary>Opens a case, follows its receipts to the end, and answers on the way whatever Customs asks for.</summary>
public sealed class CaseFollower(
    ISingleWindowClient client, StateFile file, Responder responder, CaseFiles files, Authority authority, ITimeline timeline)
{
    private const int MostFailures = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _failures;

    /// <summary>Follows the case of the state until it has ended.</summary>
    /// <exception cref="BackOfficeException">A person must look at it.</exception>
    /// <exception cref="SingleWindowException">The bridge refused something, or was away for too long.</exception>
    public async Task<Outcome> FollowAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var from = file.State.Cursor is { } cursor
            ? ReceiptPosition.After(cursor)
            : ReceiptPosition.After(file.State.FeedStart!.Value);
        var options = new WatchOptions { MaxBackoff = TimeSpan.FromSeconds(5), GiveUpAfter = Patience };
        var caughtUp = false;
        await foreach (var message in client.Receipts.WatchAsync(from, options, cancellationToken))
        {
            switch (message)
            {
                case ReceiptMessage.Receipt { Value: var receipt }:
                    if (!Record(receipt) || !caughtUp)
                        continue;
                    break;
                case ReceiptMessage.CaughtUp { Number: var number }:
                    if (number != file.State.LastReceipt)
                        throw Broken(number);
                    caughtUp = true;
                    break;
                case ReceiptMessage.Reconnecting cut:
                    timeline.Note(new("连接中断，正在重连……", $"The connection was cut and is taken up again: {cut.Reason}"));
                    continue;
                default:
                    continue;
            }

            var details = await RespondAsync(cancellationToken);

            // The case may be ahead of the receipts. It is done with when the last of them has come as well.
            if (details.Case.HasEnded && file.State.Receipts is [.., var last] && last.ETag == details.Case.ETag)
                return End(details);
        }

        throw new BackOfficeException("The feed of receipts ended.");
    }

    // A case begins with an empty draft: from there on, everything is decided from the case itself.
    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (file.State.FeedStart is null)
        {
            var head = (await client.Receipts.ListPageAsync(pageSize: 1, cancellationToken: cancellationToken)).HeadNumber;
            file.Change(state => (state.AuthorityId, state.FeedStart, state.LastReceipt) = (authority.Id, head, head));
        }

        if (file.State.AuthorityId != authority.Id)
            throw new BackOfficeException($"The case in the state was filed by {file.State.AuthorityId}, not by {authority.Id}.");
        if (file.State.CaseId is null)
        {
            var options = new ChangeOptions { RequestId = file.RequestId("open") };
            var opened = await client.Applications.SaveAsync(new Application(), null, options, cancellationToken);
            file.Change(state => state.CaseId = opened.Case.Id);
        }
    }

    // Keeps a receipt, then shows it. Every number must follow the one before.
    private bool Record(Receipt receipt)
    {
        if (receipt.Number != file.State.LastReceipt + 1)
            throw Broken(receipt.Number);
        var ours = receipt.CaseId == file.State.CaseId;
        file.Change(state =>
        {
            (state.LastReceipt, state.Cursor) = (receipt.Number, receipt.Cursor);
            if (!ours)
                return;
            state.CaseNumber = receipt.CaseNumber;
            state.Receipts.Add(receipt);
        });
        if (ours)
            timeline.Show(receipt);
        return ours;
    }

    // Does one thing after another until the case waits for nothing of ours.
    private async Task<CaseDetails> RespondAsync(CancellationToken cancellationToken)
    {
        var giveUp = DateTimeOffset.UtcNow + Patience;
        string? refused = null;
        while (true)
        {
            string? seen = null;
            try
            {
                var details = await client.Cases.GetAsync(file.State.CaseId!, cancellationToken);
                seen = details.Case.ETag;
                StopIfFailing(details.Case);
                await files.SaveAsync(details, cancellationToken);
                var done = await responder.ActAsync(details, authority.IsSandbox, cancellationToken);
                if (done is null)
                    return details;
                timeline.Note(done);
            }
            catch (SingleWindowException exception)
                when (exception is EtagMismatchException or TransitionNotAllowedException && seen != refused)
            {
                // The case has moved on since it was looked at: look again.
                refused = seen;
            }
            catch (SingleWindowException exception) when (exception.IsRetryable && DateTimeOffset.UtcNow < giveUp)
            {
                timeline.Note(new("暂时无法完成，将重试……", $"It is tried again: {exception.MessageEn}"));
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    // What fails again and again is not mended by doing it again and again.
    private void StopIfFailing(Case @case)
    {
        if (@case.Status is Status.SendFailed or Status.ReceiveFailed && ++_failures > MostFailures)
            throw new BackOfficeException($"{@case.Number} {@case.Stage.Code()} {@case.Status.Code()}: {@case.FailureReason}");
    }

    private Outcome End(CaseDetails details)
    {
        var opinion = details.Opinions is [.., var last] ? last.Text : null;
        var outcome = new Outcome(details.Case.Stage, details.Case.Status, opinion);
        file.Change(state => state.Outcome = outcome);
        return outcome;
    }

    private BackOfficeException Broken(long number) => new(
        $"The feed of receipts is broken: after number {file.State.LastReceipt} came {number}. Tell the operator of the bridge.");
}
