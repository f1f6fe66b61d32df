using Dapper;
using Microsoft.Data.Sqlite;
using SingleWindowBridge;

namespace ReceiptWorkerSample;

/// <summary>The authority's own database: what became of its cases, and the place in the feed up to which that is known.</summary>
internal sealed class CaseBook : IReceiptCheckpoint
{
    private readonly string _connectionString;

    public CaseBook(string path)
    {
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
        using var connection = Open();
        connection.Execute(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS cases (case_id TEXT PRIMARY KEY, number TEXT, stage TEXT NOT NULL, status TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS events (receipt BIGINT NOT NULL, case_id TEXT NOT NULL, event TEXT NOT NULL);
            """);
    }

    public async ValueTask<string?> LoadAsync(CancellationToken cancellationToken)
    {
        using var connection = Open();
        return await connection.QuerySingleOrDefaultAsync<string>("SELECT cursor FROM place");
    }

    // A receipt's cursor is there already, from its own transaction. Only the places in between are new here.
    public async ValueTask SaveAsync(string cursor, CancellationToken cancellationToken)
    {
        using var connection = Open();
        await connection.ExecuteAsync(SavePlace, new { cursor });
    }

    /// <summary>Writes down what a receipt says, and the place just after it, in one transaction.</summary>
    public async Task KeepAsync(Receipt receipt)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        await connection.ExecuteAsync(
            """
            INSERT INTO cases (case_id, number, stage, status) VALUES (@CaseId, @CaseNumber, @stage, @status)
            ON CONFLICT (case_id) DO UPDATE SET number = excluded.number, stage = excluded.stage, status = excluded.status
            """,
            new { receipt.CaseId, receipt.CaseNumber, stage = receipt.Stage.ToString(), status = receipt.Status.ToString() },
            transaction);
        await connection.ExecuteAsync(
            "INSERT INTO events (receipt, case_id, event) VALUES (@Number, @CaseId, @what)",
            new { receipt.Number, receipt.CaseId, what = receipt.Event.ToString() },
            transaction);
        await connection.ExecuteAsync(SavePlace, new { cursor = receipt.Cursor }, transaction);
        transaction.Commit();
    }

    private const string SavePlace =
        "INSERT INTO place (one, cursor) VALUES (1, @cursor) ON CONFLICT (one) DO UPDATE SET cursor = excluded.cursor";

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        connection.Execute("PRAGMA synchronous = FULL");
        return connection;
    }
}
