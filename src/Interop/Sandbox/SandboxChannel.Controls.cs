namespace SingleWindowBridge.Interop.Sandbox;

// The controls of an account: its clock, its faults, and putting it back to where it began.
public sealed partial class SandboxChannel
{
    /// <summary>The clock of an account, and the faults that are still to come.</summary>
    public async Task<SandboxAccount> AccountAsync(string authorityId, CancellationToken cancellationToken) =>
        await ChangeAccountAsync(authorityId, (account, _) => (account, null), cancellationToken);

    /// <summary>Stops the clock of an account: what Customs would do later waits. Stopping it again does nothing.</summary>
    /// <param name="authorityId">The account.</param>
    /// <param name="cancellationToken">Gives up before it is done.</param>
    /// <param name="caller">Who asks, to be written down with the change; null for nobody, here as below.</param>
    public Task<SandboxAccount> StopClockAsync(
        string authorityId, CancellationToken cancellationToken, ISandboxCaller? caller = null) => ChangeAccountAsync(
        authorityId,
        (account, now) => account.StoppedAt is not null ? (account, null) : (account with { StoppedAt = now }, TimeSpan.Zero),
        cancellationToken, null, caller);

    /// <summary>Sets the clock going again from where it stands. Where it goes, nothing changes.</summary>
    /// <param name="authorityId">The account.</param>
    /// <param name="cancellationToken">Gives up before it is done.</param>
    /// <param name="caller">Who asks.</param>
    public Task<SandboxAccount> StartClockAsync(
        string authorityId, CancellationToken cancellationToken, ISandboxCaller? caller = null) => ChangeAccountAsync(
        authorityId,
        (account, now) => account.StoppedAt is not { } stopped
            ? (account, null)
            : (account with { StoppedAt = null, Ahead = account.Ahead - (now - stopped) }, now - stopped),
        cancellationToken, null, caller);

    /// <summary>Advances the clock, stopped or not: what falls due by then comes at once, in order.</summary>
    /// <param name="authorityId">The account.</param>
    /// <param name="by">How far.</param>
    /// <param name="once">The request, which then is done once; null to do it in any case.</param>
    /// <param name="cancellationToken">Gives up before it is done.</param>
    /// <param name="caller">Who asks.</param>
    public Task<SandboxAccount> AdvanceClockAsync(
        string authorityId, TimeSpan by, OnceRequest? once, CancellationToken cancellationToken, ISandboxCaller? caller = null) =>
        ChangeAccountAsync(authorityId, (account, _) => (account with { Ahead = account.Ahead + by }, -by), cancellationToken, once, caller);

    /// <summary>
    /// Says which faults are to come; those said before and not come yet are forgotten. What is planned already comes as it was planned.
    /// </summary>
    /// <param name="authorityId">The account.</param>
    /// <param name="faults">The faults, in order.</param>
    /// <param name="once">The request, which then is done once; null to do it in any case.</param>
    /// <param name="cancellationToken">Gives up before it is done.</param>
    /// <param name="caller">Who asks.</param>
    public Task<SandboxAccount> SetFaultsAsync(
        string authorityId, IReadOnlyList<SandboxFault> faults, OnceRequest? once, CancellationToken cancellationToken,
        ISandboxCaller? caller = null) =>
        ChangeAccountAsync(authorityId, (account, _) => (account with { Faults = faults }, null), cancellationToken, once, caller);

    /// <summary>Forgets all of an account's cases, at Customs and at the bridge, and its clock, faults and choices.</summary>
    /// <param name="authorityId">The account.</param>
    /// <param name="once">The request, which then is done once; null to do it in any case.</param>
    /// <param name="cancellationToken">Gives up before it is done.</param>
    /// <param name="caller">Who asks.</param>
    /// <returns>The account as it begins.</returns>
    public async Task<SandboxAccount> ResetAsync(
        string authorityId, OnceRequest? once, CancellationToken cancellationToken, ISandboxCaller? caller = null)
    {
        var account = new SandboxAccount { AuthorityId = authorityId };
        await ChangeAsync(
            async cases =>
            {
                if (once is not null && await once.IsDoneAsync(cases, authorityId)) return;
                var planned = await cases.ListPlannedAsync(authorityId);
                // Saved empty, so that every server forgets them.
                foreach (var state in planned)
                    await cases.SaveAsync(new SandboxCase { CaseNumber = state.CaseNumber });
                await cases.EraseAsync(authorityId, planned.SelectMany(CaseChanges.PlannedReviews).Select(review => review.CaseNumber));
                // After the requests of before were erased with everything else.
                if (once is not null) await once.KeepAsync(cases, account);
                if (caller is not null) await cases.RecordAsync(authorityId, caller);
            },
            cancellationToken);
        return account;
    }

    // Changes an account, and moves what is planned for its cases in time; null for neither.
    private async Task<SandboxAccount> ChangeAccountAsync(
        string authorityId, Func<SandboxAccount, DateTimeOffset, (SandboxAccount After, TimeSpan? Shift)> change,
        CancellationToken cancellationToken, OnceRequest? once = null, ISandboxCaller? caller = null)
    {
        SandboxAccount account = null!;
        await ChangeAsync(
            async cases =>
            {
                var before = account = await cases.AccountAsync(authorityId);
                if (once is not null && await once.IsDoneAsync(cases, authorityId)) return;
                (account, var shift) = change(before, _time.GetUtcNow());
                if (shift is { } by)
                {
                    foreach (var state in await cases.ListPlannedAsync(authorityId))
                        await cases.SaveAsync(state.Shift(by, account.StoppedAt));
                }

                if (account != before) await cases.SaveAccountAsync(account);
                if (once is not null) await once.KeepAsync(cases, account);
                if (caller is not null && account != before) await cases.RecordAsync(authorityId, caller);
            },
            cancellationToken);
        return account;
    }
}
