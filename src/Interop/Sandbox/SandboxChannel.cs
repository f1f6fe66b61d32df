using System.Text;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>
/// The simulated Customs: takes submissions and answers them by a scenario. All that it has promised is in the store before a call
/// returns, so it goes on after the process was killed where it stopped, with the same message ids.
/// </summary>
/// <remarks>
/// Acts of one case come strictly in order: the next is not given before the one before is acknowledged. Faults of the store pass
/// through as they come; the call may then be made again.
/// </remarks>
public sealed partial class SandboxChannel : ICustomsChannel, IDisposable
{
    /// <summary>The longest sleep: a clock that was set, and what another server planned, is noticed no later.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly ISandboxStore _store;
    private readonly SandboxOptions _options;
    private readonly TimeProvider _time;
    private readonly Scenario _defaultScenario;
    private readonly SemaphoreSlim _lock = new(1, 1);
    private readonly OpenCases _open = new();
    private long? _seen;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Makes the channel. Nothing is read before the first call.</summary>
    /// <param name="store">Where the state is kept; the channels of several servers may share it.</param>
    /// <param name="options">What holds where nothing else was chosen.</param>
    /// <param name="time">The clock by which acts fall due.</param>
    /// <exception cref="ArgumentException">The default scenario does not exist, or the delay is negative.</exception>
    public SandboxChannel(ISandboxStore store, SandboxOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ActDelay, TimeSpan.Zero, nameof(options));
        _defaultScenario = Scenarios.Find(options.DefaultScenario)
            ?? throw new ArgumentException($"There is no scenario '{options.DefaultScenario}'.", nameof(options));
        _store = store;
        _options = options;
        _time = time;
    }

    /// <inheritdoc/>
    public async Task SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        submission = Passage.Through(submission);
        var refused = false;
        var choice = await _store.ChoiceAsync(submission.CaseNumber, submission.AuthorityId, cancellationToken);
        await ChangeAsync(
            async cases =>
            {
                refused = false;
                // The account was reset while this was on its way.
                if (await cases.IsErasedAsync(submission.CaseNumber)) return;
                var state = await CaseAsync(cases, submission.CaseNumber);
                if (state.Taken.Contains(submission.MessageId)) return;
                state = state.Follow(choice, _defaultScenario.Name);
                var scenario = Scenarios.Find(state.Scenario) ?? _defaultScenario;
                if (scenario.RefusesFirstDelivery && state.Counts.Count == 0 && submission.Delivery < 2)
                    throw new CustomsUnavailableException("海关数据交换平台连接超时。 The data exchange of Customs did not answer in time.");
                var before = await cases.AccountAsync(submission.AuthorityId);
                var (account, fault) = before.Next(SandboxDirection.Submissions);
                refused = fault?.Kind == SandboxFaultKind.Refused;
                if (!refused)
                {
                    (state, account) = Taken(state with { StoppedAt = account.StoppedAt }, submission, scenario, account, fault);
                    foreach (var review in state.PlannedReviews()) await cases.SaveAsync(review);
                    await cases.SaveAsync(state);
                }

                if (account != before) await cases.SaveAccountAsync(account);
            },
            cancellationToken);
        if (refused)
            throw new CustomsUnavailableException("海关数据交换平台拒收报文（沙箱故障）。 The data exchange of Customs refused the message (a fault of the sandbox).");
    }

    /// <inheritdoc/>
    /// <remarks>
    /// At most one receipt a case; new ones go before those given earlier and not acknowledged. A caller that cannot take a
    /// receipt in now should pause before it asks again: the receipt is given at once.
    /// </remarks>
    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        while (true)
        {
            var (given, changed, wait) = await TakeDueAsync(max, cancellationToken);
            if (given.Count > 0) return given;
            // Timers count whole milliseconds; rounded up, the act is due when they ring.
            wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
            await changed.WaitAsync(wait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>One turn of <see cref="ReceiveAsync"/>: what is due now, which may be nothing.</summary>
    /// <returns>The receipts; what ends when something changes here; how long until there may be more without a change.</returns>
    internal async Task<(IReadOnlyList<CustomsReceipt> Given, Task Changed, TimeSpan Wait)> TakeDueAsync(
        int max, CancellationToken cancellationToken)
    {
        List<SandboxCase> given = [];
        Task changed;
        var wait = LongestWait;
        await _lock.WaitAsync(cancellationToken);
        try
        {
            changed = _changed.Task;
            if (await LookAsync(cancellationToken))
            {
                var now = _time.GetUtcNow();
                given = _open.Give(max, now);
                if (_open.NextDue - now is { } untilDue && untilDue < wait) wait = untilDue;
            }
        }
        finally
        {
            _lock.Release();
        }

        return (given.ConvertAll(NextReceipt), changed, wait);
    }

    /// <inheritdoc/>
    public Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken) => ChangeAsync(
        async cases =>
        {
            if (await cases.FindAsync(receipt.CaseNumber) is not { } state) return;
            // A review's first message is planned by the assessment before it.
            if (receipt.Act is StartReview && state.StartedBy is { } assessment)
                state = (await cases.FindAsync(assessment))!;
            await cases.SaveAsync(state.Acknowledge(receipt.MessageId));
        },
        cancellationToken);

    /// <summary>
    /// Does one act of Customs by hand. What was still planned for the case is dropped for good; the scenario goes on at the next
    /// submission. Whether the case allows the act is for the caller to check, best before the call.
    /// </summary>
    /// <param name="caseNumber">The case's official number; one that Customs has never heard of will do.</param>
    /// <param name="messageId">
    /// A UUID, which becomes the receipt's message id in upper case. A repeat gives the same receipt and drops nothing.
    /// </param>
    /// <param name="act">
    /// The act. A rectification without a number gets one; a protocol, certificate or review without files gets a specimen.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// The receipt, to be taken in by the caller: it comes by no <see cref="ReceiveAsync"/> and needs no acknowledgement.
    /// </returns>
    /// <exception cref="Xml.MessageFormatException">The act breaks the format of the exchange; nothing was done.</exception>
    public async Task<CustomsReceipt> PerformAsync(
        string caseNumber, string messageId, CustomsAct act, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseNumber);
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        messageId = messageId.ToUpperInvariant();
        Passage.Through(new CustomsReceipt(messageId, _time.GetUtcNow(), caseNumber, act.WithNumber(RectificationNumber.New)));
        SandboxCase state = null!;
        PerformedAct? performed = null;
        await ChangeAsync(
            async cases =>
            {
                state = await CaseAsync(cases, caseNumber);
                performed = state.Performed.FirstOrDefault(p => p.MessageId == messageId);
                if (performed is null)
                {
                    var number = act.WithNumber(RectificationNumber.New) is RequireRectification asked ? asked.Number : "";
                    performed = new PerformedAct(messageId, _time.GetUtcNow(), number);
                    if (act is StartReview start) state = state.Start(start);
                    await cases.SaveAsync(state.Perform(performed));
                }
            },
            cancellationToken);

        act = act.WithNumber(() => performed!.RectificationNumber);
        if (act is PublishProtocol or ConfirmCertificate or StartReview)
            act = SpecimenFiles.Complete(act, state, performed!.PerformedAt);
        return Passage.Through(new CustomsReceipt(messageId, performed!.PerformedAt, caseNumber, act));
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private (SandboxCase State, SandboxAccount Account) Taken(
        SandboxCase state, Submission submission, Scenario scenario, SandboxAccount account, SandboxFault? fault)
    {
        var delay = state.ActDelay ?? _options.ActDelay;
        var now = account.StoppedAt ?? _time.GetUtcNow();
        var planned = state.Planned.Count;
        var (taken, after) = fault?.Kind switch
        {
            SandboxFaultKind.Lost => (state.Lose(submission.MessageId), account),
            SandboxFaultKind.Malformed => state.Misread(submission.MessageId, now + delay).Spoil(planned, account),
            SandboxFaultKind.Late => state.Take(submission, scenario, delay, now + fault.Delay).Spoil(planned, account),
            _ => state.Take(submission, scenario, delay, now).Spoil(planned, account),
        };
        return account.StoppedAt is { } stopped ? (taken.Await(planned, stopped), after) : (taken, after);
    }

    private static CustomsReceipt NextReceipt(SandboxCase state)
    {
        var next = state.Planned[0];
        if (next.Malformed)
        {
            var content = Encoding.UTF8.GetBytes($"<Message><MessageId>{next.MessageId}</MessageId>");
            return new CustomsReceipt(
                next.MessageId, next.DueAt, state.CaseNumber, new Unreadable("sandbox", "The message ends in the middle.", content));
        }

        if (next.ReviewNumber is { } review)
            state = new SandboxCase { CaseNumber = review, Category = state.Category };
        return Passage.Through(new CustomsReceipt(
            next.MessageId, next.DueAt, state.CaseNumber, SpecimenFiles.Complete(next.Act, state, next.DueAt))
        {
            Sequence = next.Sequence,
            Answers = next.Answers,
        });
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task<SandboxCase> CaseAsync(ISandboxCases cases, string caseNumber) =>
        await cases.FindAsync(caseNumber) ?? new SandboxCase { CaseNumber = caseNumber };

    /// <summary>Brings what is planned in memory up to date; false, and nothing in memory, where another server gives it out.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await _store.LeadAsync(cancellationToken))
            {
                Forget();
                return false;
            }

            var news = await _store.LoadAsync(_seen, cancellationToken);
            foreach (var state in news.Cases) _open.Put(state);
            _seen = news.Turn;
            return true;
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>
    /// Makes a change and takes it into memory. Where that fails, nobody knows whether it was made: what is in memory counts for
    /// nothing then, and is read again.
    /// </summary>
    private async Task ChangeAsync(Func<ISandboxCases, Task> change, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        Saved? saved = null;
        try
        {
            await _store.ChangeAsync(cases => change(saved = new Saved(cases)), cancellationToken);
            foreach (var state in saved!.States) _open.Put(state);
        }
        catch
        {
            if (saved is { States.Count: > 0 }) Forget();
            throw;
        }
        finally
        {
            if (saved is { States.Count: > 0 })
            {
                var changed = _changed;
                _changed = NewSignal();
                changed.SetResult();
            }

            _lock.Release();
        }
    }

    private void Forget()
    {
        _open.Clear();
        _seen = null;
    }
}
