using SingleWindowBridge;

namespace BackOffice;

/// <summary>Opens a case, follows its receipts to the end, and answers on the way whatever Customs asks for.</summary>
public sealed class CaseFollower(
    ISingleWindowClient client,
    StateFile file,
    Opening opening,
    Responder responder,
    CaseFiles files,
    Authority authority,
    ITimeline timeline)
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
        await opening.BeginAsync(cancellationToken);
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
                    if (!await RecordAsync(receipt, cancellationToken) || !caughtUp)
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

            // Customs may not have started the review yet.
            if (file.State.CaseId is null)
                continue;
            var details = await RespondAsync(cancellationToken);

            // The case may be ahead of the receipts. It is done with when the last of them has come as well.
            if (details.Case.HasEnded && file.State.Receipts is [.., var last] && last.ETag == details.Case.ETag)
                return End(details);
        }

        throw new BackOfficeException("The feed of receipts ended.");
    }

    // Keeps a receipt, then shows it. Every number must follow the one before.
    private async Task<bool> RecordAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.Number != file.State.LastReceipt + 1)
            throw Broken(receipt.Number);
        var ours = receipt.CaseId == file.State.CaseId || await opening.IsAwaitedAsync(receipt, cancellationToken);
        file.Change(state =>
        {
            (state.LastReceipt, state.Cursor) = (receipt.Number, receipt.Cursor);
            if (!ours)
                return;
            (state.CaseId, state.CaseNumber) = (receipt.CaseId, receipt.CaseNumber);
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
        var outcome = new Outcome(details.Case.Stage, details.Case.Status, opinion)
        {
            IsDeclined = file.State.Receipts.LastOrDefault(
                receipt => receipt.Event is CaseEvent.AcceptReview or CaseEvent.DeclineReview)?.Event == CaseEvent.DeclineReview,
        };
        file.Change(state => state.Outcome = outcome);
        return outcome;
    }

    private BackOfficeException Broken(long number) => new(
        $"The feed of receipts is broken: after number {file.State.LastReceipt} came {number}. Tell the operator of the bridge.");
}
