using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Bench.Size;

/// <summary>What the server asks the database for a call: its own code, statement by statement.</summary>
internal sealed class Queries(Generated generated)
{
    /// <summary>A case of the largest authority, from the middle of its feed.</summary>
    public Target Largest => generated.Largest;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Query> All =>
    [
        new("list: the newest 50 cases", 1, (sql, target) => sql.ListCasesAsync(target.AuthorityId, new ListCasesRequest(), "", 51)),
        new("list: 50 more from anywhere", 1,
            (sql, target) => sql.ListCasesAsync(target.AuthorityId, new ListCasesRequest(), target.CaseId, 51)),
        new("list: by stage and status, 1 % of all", 1, (sql, target) => sql.ListCasesAsync(
            target.AuthorityId, new ListCasesRequest { Stage = Stage.Assessment, Status = Status.Received }, "", 51)),
        new("list: what has changed in the last 30 days", 1, (sql, target) => sql.ListCasesAsync(
            target.AuthorityId,
            new ListCasesRequest { ChangedSince = Times.ToTimestamp(generated.Newest - (30 * 86_400_000_000L)) }, "", 51)),
        new("get: a case with opinions and files", 4, GetAsync),
        new("history: of a case", 2, HistoryAsync),
        new("resume: 200 receipts from anywhere", 2, ResumeAsync),
    ];

    private static async Task GetAsync(Sql sql, Target target)
    {
        var row = await sql.GetCaseAsync(target.AuthorityId, target.CaseId);
        await sql.ListOpinionsAsync(row.CaseId);
        await sql.ListCustomsFilesAsync(row.CaseId, CustomsFileRole.Protocol);
        await sql.ListCustomsFilesAsync(row.CaseId, CustomsFileRole.Certificate);
    }

    private static async Task HistoryAsync(Sql sql, Target target)
    {
        var row = await sql.GetCaseAsync(target.AuthorityId, target.CaseId);
        await sql.ListTimelineAsync(row.CaseId, 0, 101);
    }

    private static async Task ResumeAsync(Sql sql, Target target)
    {
        var feed = await sql.GetFeedAsync(target.AuthorityId);
        await sql.ListReceiptsAsync(feed, target.After, 200);
    }
}

/// <summary>One of them.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Statements">How many statements it takes.</param>
/// <param name="Run">Runs it.</param>
internal sealed record Query(string Name, int Statements, Func<Sql, Target, Task> Run)
{
    public Query(string name, int statements, Func<Sql, Target, Task<IReadOnlyList<CaseRow>>> run)
        : this(name, statements, async (Sql sql, Target target) => { await run(sql, target); })
    {
    }
}
