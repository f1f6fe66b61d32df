using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Reviews;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>
/// Takes in what Customs says. A message has its effect once, however often it comes; one that cannot apply yet waits and applies by
/// itself later; one that never can is quarantined with its reason, and nothing waits for it. All of it is committed when a call
/// returns, so that the channel can let go of the message.
/// </summary>
public sealed class Inbox(
    IBridgeDatabase database, CaseWriter writer, CustomsActs acts, ReviewStart reviews, ExchangeOptions exchange, FeedSignals feeds,
    InboxSignal signal, ExchangeMetrics metrics, InboxOptions options, TimeProvider clock, ILogger<Inbox> logger)
{
    private static readonly Func<CaseChange, Task> Nothing = _ => Task.CompletedTask;

    /// <summary>Takes in a message, and whatever waited for it.</summary>
    /// <param name="receipt">The message.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <param name="source">The key and address of the call that gave it (<see cref="Origin.SourceOf"/>); empty where none did.</param>
    /// <returns>The first answer that this message got: a repeat gets it again.</returns>
    public async Task<InboxAnswer> TakeInAsync(CustomsReceipt receipt, CancellationToken cancellationToken, string source = "")
    {
        Arrival arrival;
        try
        {
            arrival = await database.WriteAsync(Scope.Everyone, sql => ArriveAsync(sql, receipt, source), cancellationToken);
        }
        catch (Exception failure) when (IsOfMessage(failure, receipt.MessageId, cancellationToken))
        {
            var fault = FaultOf(failure);
            arrival = await database.WriteAsync(Scope.Everyone, sql => KeepFaultyAsync(sql, receipt, source, fault), cancellationToken);
        }

        Tell(arrival);
        if (arrival.WakesOthers)
            await SettleWaitingAsync(receipt.CaseNumber, cancellationToken);
        return new InboxAnswer(arrival.Entry.FirstState, arrival.Entry.FirstDetail);
    }

    /// <summary>Applies a message to its case now or not at all; a message applied before changes nothing.</summary>
    /// <param name="receipt">The message.</param>
    /// <param name="source">The key and address of the call that gives it (<see cref="Origin.SourceOf"/>).</param>
    /// <param name="asked">The id and the hash of that call, which the audit names.</param>
    /// <param name="afterwards">What else is to be done in the same transaction, if the message is applied now.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="BridgeException">It cannot be applied; nothing was changed.</exception>
    public async Task ApplyAsync(
        CustomsReceipt receipt, string source, (string Id, string Hash) asked, Func<CaseChange, Task> afterwards, CancellationToken cancellationToken)
    {
        var arrival = await database.WriteAsync(
            Scope.Everyone,
            async sql =>
            {
                var entry = NewEntry(receipt, source);
                (entry.AuthorityId, var row, _) = await LockAsync(sql, receipt);
                if (await sql.FindFirstAsync(entry.MessageId) is { } before)
                    return new Arrival(before, IsRepeat: true, WakesOthers: false);
                if (row is null && receipt.Act is not StartReview)
                    throw new BridgeException(ErrorReason.CaseNotFound, ("case_id", receipt.CaseNumber));

                var others = await sql.AnyWaitingAsync(entry.CaseNumber);
                entry.Turn = await sql.TurnAsync(row);
                await ApplyAsync(sql, entry, row, receipt, asked, afterwards);
                await sql.AddEntryAsync(entry, receipt);
                return new Arrival(entry, IsRepeat: false, others);
            },
            cancellationToken);
        Tell(arrival);
        if (arrival.WakesOthers)
            signal.Wake();
    }

    /// <summary>Tries what waits on a case, one message after the other, until none can apply.</summary>
    public async Task SettleWaitingAsync(string caseNumber, CancellationToken cancellationToken)
    {
        while (true)
        {
            InboxEntry? tried = null;
            InboxEntry? settled;
            try
            {
                settled = await database.WriteAsync(Scope.Everyone, sql => SettleNextAsync(sql, caseNumber, it => tried = it), cancellationToken);
            }
            catch (Exception failure) when (tried is not null && IsOfMessage(failure, tried.MessageId, cancellationToken))
            {
                var (seen, fault) = (tried, FaultOf(failure));
                settled = await database.WriteAsync(Scope.Everyone, sql => QuarantineAsync(sql, seen, _ => fault), cancellationToken);
            }

            if (settled is null)
                return;
            Tell(new Arrival(settled, IsRepeat: false, WakesOthers: false));
        }
    }

    /// <summary>Quarantines what has waited for too long, and gives the number of messages.</summary>
    public async Task<int> GiveUpOverdueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<InboxEntry> overdue;
        await using (var sql = await database.OpenAsync(Scope.Everyone, cancellationToken))
            overdue = await sql.ListOverdueAsync(clock.GetUtcNow());
        foreach (var seen in overdue)
        {
            var given = await database.WriteAsync(
                Scope.Everyone,
                sql => QuarantineAsync(
                    sql,
                    seen,
                    entry => entry.WaitUntil > clock.GetUtcNow().ToMicroseconds() ? null : Fitting.Never(
                        HoldReason.WaitedTooLong,
                        $"等待时间超过上限。{entry.DetailZh}", $"It waited for longer than it may. {entry.DetailEn}")),
                cancellationToken);
            if (given is null)
                continue;
            Tell(new Arrival(given, IsRepeat: false, WakesOthers: false));
            await SettleWaitingAsync(given.CaseNumber, cancellationToken);
        }

        return overdue.Count;
    }

    private InboxEntry NewEntry(CustomsReceipt receipt, string source) => InboxEntry.Of(receipt, source, clock.GetUtcNow(), options.LongestWait);

    private async Task<Arrival> ArriveAsync(Sql sql, CustomsReceipt receipt, string source)
    {
        var entry = NewEntry(receipt, source);
        (entry.AuthorityId, var row, var erased) = await LockAsync(sql, receipt);
        if (erased)
            return Erased(entry);
        if (await RepeatAsync(sql, entry) is { } repeat)
            return repeat;

        if (!entry.IsFirst)
        {
            Become(entry, 0, Fitting.Never(
                HoldReason.MessageIdReused,
                "该报文编号此前已用于另一报文，以先到者为准。", "Another message with this id came before and holds."));
            await sql.AddEntryAsync(entry, receipt);
            return new Arrival(entry, IsRepeat: false, WakesOthers: false);
        }

        if (receipt.Act is Unreadable broken)
        {
            Become(entry, 0, Fitting.Never(HoldReason.Unreadable, $"无法读取：{broken.Reason}", $"It cannot be read: {broken.Reason}"));
            await sql.AddEntryAsync(entry, receipt);
            return new Arrival(entry, IsRepeat: false, WakesOthers: false);
        }

        CustomsActs.Check(receipt.Act);
        var fitting = await FitAsync(sql, entry, row, await sql.TurnAsync(row), receipt);
        var others = await sql.AnyWaitingAsync(entry.CaseNumber);
        if (fitting.State == CustomsMessageState.Applied)
            await ApplyAsync(sql, entry, row, receipt, MessageOf(entry), Nothing);
        else
            Become(entry, row?.Version ?? 0, fitting);
        await sql.AddEntryAsync(entry, receipt);
        return new Arrival(entry, IsRepeat: false, others && entry.State != CustomsMessageState.Waiting);
    }

    private async Task<Arrival> KeepFaultyAsync(Sql sql, CustomsReceipt receipt, string source, Fitting fault)
    {
        var entry = NewEntry(receipt, source);
        (entry.AuthorityId, _, var erased) = await LockAsync(sql, receipt);
        if (erased)
            return Erased(entry);
        if (await RepeatAsync(sql, entry) is { } repeat)
            return repeat;

        Become(entry, 0, fault);
        await sql.AddEntryAsync(entry, receipt);
        await sql.TryAgainAsync(entry.CaseNumber);
        return new Arrival(entry, IsRepeat: false, WakesOthers: true);
    }

    private async Task<InboxEntry?> SettleNextAsync(Sql sql, string caseNumber, Action<InboxEntry> trying)
    {
        var owner = await sql.FindAuthorityByNumberAsync(caseNumber);
        if (owner is not null)
            await sql.LockFeedAsync(owner);
        var row = owner is null ? null : await sql.FindCaseAsync(owner, caseNumber);
        var waiting = await sql.ListWaitingAsync(caseNumber);
        var changed = new List<(InboxEntry Entry, Fitting Fitting)>();
        var turn = waiting.Count > 0 ? await sql.TurnAsync(row) : CaseTurns.First;
        var gap = false;
        foreach (var entry in waiting)
        {
            // Behind a count that is missing no larger one can apply, and they come in that order.
            if (gap && entry.Sequence > 0)
                continue;

            // Without a case each message has an authority of its own to lock, and only the one that starts the review can apply.
            if (row is null && entry is { Event: CaseEvent.StartReview, AuthorityId: { } reviewed })
                await sql.LockFeedAsync(reviewed);
            trying(entry);
            var bound = entry.Turn;
            var fitting = await FitAsync(sql, entry, row, turn, null);
            if (fitting.State == CustomsMessageState.Waiting)
            {
                gap |= fitting.Reason == HoldReason.OutOfSequence;
                if (fitting.Reason != entry.Reason || entry.Turn != bound)
                    changed.Add((entry, fitting));
                continue;
            }

            if (fitting.State == CustomsMessageState.Applied)
                await ApplyAsync(sql, entry, row, (await sql.FindReceiptAsync(entry))!, MessageOf(entry), Nothing);
            else
                Become(entry, row?.Version ?? 0, fitting);
            await sql.UpdateEntryAsync(entry);
            return entry;
        }

        foreach (var (entry, fitting) in changed)
        {
            entry.Become(fitting.State, fitting.Reason, fitting.Detail);
            await sql.UpdateEntryAsync(entry);
        }

        if (waiting.Count > 0)
            await sql.NoteTriedAsync(caseNumber, row?.Version ?? 0);
        return null;
    }

    // A review starts when the assessment before it is passed; that may still be on its way, whatever came first.
    private async Task<Fitting> FitAsync(Sql sql, InboxEntry entry, CaseRow? row, int turn, CustomsReceipt? receipt)
    {
        var fitting = await Fitting.OfAsync(sql, entry, row, turn);
        if (row is not null || fitting.State != CustomsMessageState.Applied || entry.AuthorityId is null
            || (receipt ?? await sql.FindReceiptAsync(entry))?.Act is not StartReview start)
        {
            return fitting;
        }

        reviews.Check(entry.CaseNumber, start);
        return await ReviewStart.IsPassedAsync(sql, start) ? fitting : Fitting.Wait(
            HoldReason.AssessmentNotPassedYet,
            $"{start.AuthorityId} 尚未通过 {start.Category} 的评估审查，等待其办结。",
            $"{start.AuthorityId} has not passed an assessment for {start.Category} yet; the close of one may still come.");
    }

    private async Task<InboxEntry?> QuarantineAsync(Sql sql, InboxEntry seen, Func<InboxEntry, Fitting?> why)
    {
        if (seen.AuthorityId is { } owner)
            await sql.LockFeedAsync(owner);
        if (await sql.FindEntryAsync(seen.EntryId) is not { State: CustomsMessageState.Waiting } entry || why(entry) is not { } fitting)
            return null;

        Become(entry, entry.TriedVersion, fitting);
        await sql.UpdateEntryAsync(entry);
        await sql.TryAgainAsync(entry.CaseNumber);
        return entry;
    }

    // The authority's feed is the lock of all that happens to its cases; what is read before it is held may have changed. The message
    // that starts a review names the authority itself.
    private static async Task<(string? Owner, CaseRow? Row, bool IsErased)> LockAsync(Sql sql, CustomsReceipt receipt)
    {
        var owner = await sql.FindAuthorityByNumberAsync(receipt.CaseNumber);
        if (owner is null && receipt.Act is StartReview start && await sql.HasAuthorityAsync(start.AuthorityId))
            owner = start.AuthorityId;
        if (owner is not null)
            await sql.LockFeedAsync(owner);
        var row = owner is null ? null : await sql.FindCaseAsync(owner, receipt.CaseNumber);
        return (owner, row, row is null && await sql.IsErasedAsync(receipt.CaseNumber));
    }

    // It was on its way when the account was reset: nobody waits for it, and nothing is kept of it.
    private static Arrival Erased(InboxEntry entry)
    {
        entry.Become(
            CustomsMessageState.Discarded, HoldReason.Unspecified,
            new LocalizedText { Zh = "沙箱账号已重置。", En = "The sandbox account was reset." });
        return new Arrival(entry, IsRepeat: false, WakesOthers: false);
    }

    private static async Task<Arrival?> RepeatAsync(Sql sql, InboxEntry entry)
    {
        var first = await sql.FindFirstAsync(entry.MessageId);
        if (first is null)
            return null;
        if (first.SaysTheSameAs(entry))
        {
            // An operator had it read again, or dropped it, and here it is as it was.
            if (first is { State: CustomsMessageState.Discarded, Reason: HoldReason.Unreadable })
                await sql.QuarantineAgainAsync(first);
            return new Arrival(first, IsRepeat: true, WakesOthers: false);
        }

        entry.IsFirst = false;
        return await sql.FindSameAsync(entry.MessageId, entry.ContentHash) is { } same
            ? new Arrival(same, IsRepeat: true, WakesOthers: false)
            : null;
    }

    private static (string Id, string Hash) MessageOf(InboxEntry entry) => (entry.MessageId, entry.ContentHash);

    private async Task ApplyAsync(
        Sql sql, InboxEntry entry, CaseRow? row, CustomsReceipt receipt, (string Id, string Hash) asked, Func<CaseChange, Task> afterwards)
    {
        if (entry.AuthorityId is null && receipt.Act is StartReview start)
            throw new BridgeException(ErrorReason.AuthorityNotFound, ("authority_id", start.AuthorityId));

        var now = clock.GetUtcNow();
        var what = CustomsActs.EventOf(receipt.Act);
        var transition = Workflow.Decide(row?.Position ?? CasePosition.NoReview, Actor.Customs, what);
        var change = new CaseChange
        {
            Sql = sql,
            Now = now,
            Actor = Actor.Customs,
            Event = what,
            Origin = Origin.OfCustoms(entry.Source.Length > 0 ? entry.Source : exchange.Channel, WireNames.Of(what), asked.Id, asked.Hash),
            Case = row ?? await reviews.OpenAsync(sql, receipt.CaseNumber, (StartReview)receipt.Act, now),
            Transition = transition,
            Opinion = receipt.Act.Opinion,
            FailureReason = receipt.Act is ReceiveFailed failed ? failed.FailureReason : "",
            MessageId = entry.MessageId,
        };
        await writer.ApplyAsync(change, it => acts.ApplyAsync(it, receipt.Act));
        entry.AuthorityId = change.Case.AuthorityId;
        entry.SettledAt = now.ToMicroseconds();
        Become(entry, change.Case.Version, Fitting.Now);
        await afterwards(change);
    }

    private void Become(InboxEntry entry, long version, Fitting fitting)
    {
        entry.Become(fitting.State, fitting.Reason, fitting.Detail);
        entry.Attempts++;
        entry.TriedAt = clock.GetUtcNow().ToMicroseconds();
        entry.TriedVersion = version;
    }

    // What fails because of the message would fail again however often it came, and everything behind it would wait. A database out
    // of reach, or a statement cut off because the server stops, is no fault of the message.
    private bool IsOfMessage(Exception failure, string messageId, CancellationToken cancellationToken)
    {
        if (failure is OperationCanceledException || cancellationToken.IsCancellationRequested || database.IsOutage(failure))
            return false;

        if (failure is not BridgeException)
            logger.LogError(failure, "Message {MessageId} of Customs brought out a fault of the bridge", messageId);
        return true;
    }

    private static Fitting FaultOf(Exception failure) => failure is BridgeException refusal
        ? Fitting.Never(HoldReason.ContentInvalid, refusal.Say())
        : Fitting.Never(
            HoldReason.Fault,
            $"服务内部错误：{failure.GetType().Name}: {failure.Message}", $"A fault of the bridge: {failure.GetType().Name}: {failure.Message}");

    private void Tell(Arrival arrival)
    {
        var entry = arrival.Entry;
        metrics.Took(arrival.IsRepeat, entry.State, entry.Reason);
        if (arrival.IsRepeat)
            return;

        if (entry.State == CustomsMessageState.Quarantined)
        {
            logger.LogWarning(
                "Message {MessageId} of Customs on case {CaseNumber} was quarantined as {EntryId}, {Reason}: {Detail}",
                entry.MessageId, entry.CaseNumber, entry.EntryId, entry.Reason, entry.DetailEn);
        }

        if (entry.State == CustomsMessageState.Waiting)
            signal.Wake();
        if (entry is { State: CustomsMessageState.Applied, AuthorityId: { } owner })
            feeds.Wake(owner);
    }

    private sealed record Arrival(InboxEntry Entry, bool IsRepeat, bool WakesOthers);
}

/// <summary>The answer to a message of Customs, the same for every repeat.</summary>
/// <param name="State">What became of it when it first came: APPLIED, WAITING or QUARANTINED; DISCARDED where its case was erased.</param>
/// <param name="Detail">Why it waits or was quarantined, in English; empty where it was applied.</param>
public sealed record InboxAnswer(CustomsMessageState State, string Detail);

/// <summary>How messages of Customs are taken in.</summary>
public sealed class InboxOptions
{
    /// <summary>How long a message may wait for its turn before it is quarantined.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often it is looked for messages whose turn has come on another server, or whose time is up.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromSeconds(1);
}
