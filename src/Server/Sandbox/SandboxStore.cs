using System.Data.Common;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Sandbox;

/// <summary>Keeps the simulated Customs' state in the bridge's database, so that it lives on with it and all servers share it.</summary>
public sealed class SandboxStore(IBridgeDatabase database, TimeProvider clock) : ISandboxStore, IAsyncDisposable
{
    // A database that does not answer must not keep the process.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    // After the leading server has died, so long until another leads.
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(3);

    private readonly string me = Guid.NewGuid().ToString("N");
    private DateTimeOffset leadsUntil;

    /// <inheritdoc/>
    public Task ChangeAsync(Func<ISandboxCases, Task> change, CancellationToken cancellationToken) => database.WriteAsync(
        Scope.Everyone,
        async sql =>
        {
            var turn = await sql.GetAsync<long>("UPDATE sandbox_turn SET turn = turn + 1 RETURNING turn");
            await change(new Cases(sql, turn, clock.GetUtcNow()));
            return turn;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<SandboxNews> LoadAsync(long? after, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        // The turn is read first: what is saved while the cases are read is read again the next time.
        var turn = await sql.GetAsync<long>("SELECT turn FROM sandbox_turn");
        var documents = after is null
            ? await sql.ListAsync<string>("SELECT document FROM sandbox_cases WHERE pending <> 0")
            : await sql.ListAsync<string>("SELECT document FROM sandbox_cases WHERE turn > @after", new { after });
        return new SandboxNews([.. documents.Select(SandboxCase.FromJson)], turn);
    }

    /// <inheritdoc/>
    public async Task<bool> LeadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (leadsUntil - now is var left && left > Term / 2 && left <= Term)
            return true;

        var until = now + Term;
        var leads = await database.WriteAsync(
            Scope.Everyone,
            sql => sql.ExecuteAsync(
                """
                INSERT INTO leases (name, owner, leased_until) VALUES ('sandbox', @me, @until)
                ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, leased_until = excluded.leased_until
                WHERE leases.owner = excluded.owner OR leases.leased_until <= @now OR leases.leased_until > @beyond
                """,
                new { me, until = until.ToMicroseconds(), now = now.ToMicroseconds(), beyond = (until + Term).ToMicroseconds() }),
            cancellationToken) > 0;
        leadsUntil = leads ? until : default;
        return leads;
    }

    /// <inheritdoc/>
    public async Task<ScenarioChoice?> ChoiceAsync(string caseNumber, string authorityId, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var row = await sql.FindAsync<Row>(
            """
            SELECT scenario, act_delay_ms, case_id FROM sandbox_choices
            WHERE authority_id = @authorityId
              AND (case_id = '' OR case_id = (SELECT case_id FROM cases WHERE number = @caseNumber))
            ORDER BY case_id DESC LIMIT 1
            """,
            new { authorityId, caseNumber });
        return row is null
            ? null
            : new ScenarioChoice(
                row.Scenario, row.ActDelayMs is { } delay ? TimeSpan.FromMilliseconds(delay) : null, row.CaseId.Length > 0);
    }

    /// <summary>Lets another server lead at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (leadsUntil == default)
            return;

        try
        {
            using var patience = new CancellationTokenSource(LastWord, clock);
            await database.WriteAsync(
                Scope.Everyone,
                sql => sql.ExecuteAsync("UPDATE leases SET leased_until = 0 WHERE name = 'sandbox' AND owner = @me", new { me }),
                patience.Token);
        }
        catch (Exception failure) when (failure is DbException or OperationCanceledException || database.IsOutage(failure))
        {
            // Then it leads when the term is over.
        }
    }

    private sealed class Cases(Sql sql, long turn, DateTimeOffset now) : ISandboxCases
    {
        public async Task<SandboxCase?> FindAsync(string caseNumber)
        {
            var document = await sql.FindAsync<string>(
                "SELECT document FROM sandbox_cases WHERE case_number = @caseNumber", new { caseNumber });
            return document is null ? null : SandboxCase.FromJson(document);
        }

        public async Task<IReadOnlyList<SandboxCase>> ListPlannedAsync(string authorityId)
        {
            var documents = await sql.ListAsync<string>(
                """
                SELECT s.document FROM sandbox_cases s JOIN cases c ON c.number = s.case_number
                WHERE c.authority_id = @authorityId AND s.pending > 0
                """,
                new { authorityId });
            return [.. documents.Select(SandboxCase.FromJson)];
        }

        public async Task<SandboxAccount> AccountAsync(string authorityId) =>
            await sql.FindAsync<string>("SELECT document FROM sandbox_accounts WHERE authority_id = @authorityId", new { authorityId })
                is { } document
                ? SandboxAccount.FromJson(document)
                : new SandboxAccount { AuthorityId = authorityId };

        public Task SaveAccountAsync(SandboxAccount account) => sql.ExecuteAsync(
            """
            INSERT INTO sandbox_accounts (authority_id, document) VALUES (@AuthorityId, @document)
            ON CONFLICT (authority_id) DO UPDATE SET document = excluded.document
            """,
            new { account.AuthorityId, document = account.ToJson() });

        // Last, for here the authority's chain is locked.
        public Task RecordAsync(string authorityId, ISandboxCaller caller) =>
            caller is SandboxCaller(var origin, var outcome) ? sql.AuditAsync(authorityId, origin, "", outcome, now) : Task.CompletedTask;

        public Task EraseAsync(string authorityId, IEnumerable<string> reviewNumbers) => sql.EraseCasesAsync(authorityId, reviewNumbers, now);

        public Task<byte[]?> FindAnswerAsync(string authorityId, OnceRequest request) =>
            new RequestTable(sql, authorityId, request.Id).FindBytesAsync(request.ContentHash);

        public Task KeepAnswerAsync(string authorityId, OnceRequest request, byte[] answer) =>
            new RequestTable(sql, authorityId, request.Id).KeepAsync(request.ContentHash, answer, now);

        public Task<bool> IsErasedAsync(string caseNumber) => sql.IsErasedAsync(caseNumber);

        public Task SaveAsync(SandboxCase state) => sql.ExecuteAsync(
            """
            INSERT INTO sandbox_cases (case_number, pending, document, turn) VALUES (@CaseNumber, @pending, @document, @turn)
            ON CONFLICT (case_number) DO UPDATE SET pending = excluded.pending, document = excluded.document, turn = excluded.turn
            """,
            new { state.CaseNumber, pending = state.Planned.Count, document = state.ToJson(), turn });
    }

    private sealed class Row
    {
        public string Scenario { get; init; } = "";

        public long? ActDelayMs { get; init; }

        public string CaseId { get; init; } = "";
    }
}

/// <summary>Who asks for a control of an account, for the audit.</summary>
/// <param name="Origin">Who, from where, and what was asked.</param>
/// <param name="Outcome">What comes of it.</param>
internal sealed record SandboxCaller(Origin Origin, string Outcome) : ISandboxCaller;
