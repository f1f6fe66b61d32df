using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Sandbox;

/// <summary>Keeps the simulated Customs' state in the bridge's database, so that it lives on with it.</summary>
public sealed class SandboxStore(IBridgeDatabase database) : ISandboxStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<SandboxCase>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var documents = await sql.ListAsync<string>("SELECT document FROM sandbox_cases WHERE pending <> 0");
        return [.. documents.Select(SandboxCase.FromJson)];
    }

    /// <inheritdoc/>
    public async Task<SandboxCase?> FindAsync(string caseNumber, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var document = await sql.FindAsync<string>("SELECT document FROM sandbox_cases WHERE case_number = @caseNumber", new { caseNumber });
        return document is null ? null : SandboxCase.FromJson(document);
    }

    /// <inheritdoc/>
    public Task SaveAsync(SandboxCase state, CancellationToken cancellationToken) => database.WriteAsync(
        Scope.Everyone,
        sql => sql.ExecuteAsync(
            """
            INSERT INTO sandbox_cases (case_number, pending, document) VALUES (@CaseNumber, @pending, @document)
            ON CONFLICT (case_number) DO UPDATE SET pending = excluded.pending, document = excluded.document
            """,
            new { state.CaseNumber, pending = state.Planned.Count, document = state.ToJson() }),
        cancellationToken);

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

    private sealed class Row
    {
        public string Scenario { get; init; } = "";

        public long? ActDelayMs { get; init; }

        public string CaseId { get; init; } = "";
    }
}
