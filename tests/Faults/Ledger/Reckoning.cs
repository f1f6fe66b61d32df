using System.Data.Common;
using System.Globalization;
using Dapper;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// Compares what the clients wrote down with what there is: files, cases and their histories, receipts as listed and as followed, the outbox,
/// and what Customs took and said. Everything has come to its end before.
/// </summary>
/// <param name="connection">To the database.</param>
/// <param name="farEnd">Customs, where it is at the other end of a folder.</param>
/// <param name="keepsFiles">Whether what was handled must still lie there; not where it became old.</param>
internal sealed class Reckoning(DbConnection connection, DirectoryFarEnd? farEnd, bool keepsFiles)
{
    private const int BySelf = 1;
    private const int Applied = 1;
    private const int Sent = 1;

    private readonly Findings _findings = new();
    private readonly Dictionary<string, string> _numbers = [];
    private readonly List<Receipt> _receipts = [];

    /// <summary>Compares what is one authority's.</summary>
    /// <param name="authority">Its id.</param>
    /// <param name="client">A client of its own.</param>
    /// <param name="writers">Those who wrote for it, and have ended.</param>
    /// <param name="watchers">Those who followed its feed, and have ended.</param>
    public async Task AddAsync(string authority, SingleWindowClient client, IEnumerable<Writer> writers, IEnumerable<Watcher> watchers)
    {
        var cases = await client.Cases.ListAsync().ToListAsync();
        foreach (var it in cases.Where(it => it.Number is not null))
            _numbers[it.Number!] = it.Id;
        var feed = await client.Receipts.ListAsync().ToListAsync();
        _receipts.AddRange(feed);
        _findings.Receipts += feed.Count;
        Expect(feed.Select(receipt => receipt.Number), Enumerable.Range(1, feed.Count).Select(number => (long)number), $"feed of {authority}");
        foreach (var watcher in watchers)
            Expect(watcher.Seen.Select(Named), feed.Select(Named), $"followed by a watcher of {authority}");
        Unique(feed.Select(receipt => $"{receipt.CaseId} {receipt.ETag}"), $"receipts of {authority}");

        var ledgers = writers.Select(writer => writer.Ledger.Read()).ToList();
        foreach (var ledger in ledgers)
            Compare(ledger, feed);
        var made = ledgers.SelectMany(ledger => ledger).Where(line => line.Word == LedgerWord.Acknowledged).ToList();
        CompareCases(made, cases);
        await CompareHistoriesAsync(authority, made.Where(line => line.Event is not null).ToList());
        await CompareFilesAsync(authority, client, made.Where(line => line.FileId is not null).ToList());
    }

    /// <summary>Compares what is common to all, and gives what was found.</summary>
    public async Task<Findings> FindingsAsync()
    {
        var submits = Grouped(_receipts.Where(it => it.Event == CaseEvent.Submit).Select(it => (it.CaseId, it.MessageId!)));
        var outbox = (await connection.QueryAsync<(string CaseId, string MessageId, int State)>(
            "SELECT case_id, message_id, state FROM outbox ORDER BY case_id, created_at")).ToList();
        _findings.Lost.AddRange(outbox.Where(row => row.State != Sent).Select(row => $"outbox: {row.MessageId} is not sent"));
        ExpectSame(outbox.Select(row => row.MessageId), submits.Values.SelectMany(ids => ids), "outbox");

        var taken = farEnd is not null ? Grouped(farEnd.Taken.Select(it => (CaseOf(it.CaseNumber), it.MessageId))) : await TakenAsync();
        _findings.Submissions += taken.Values.Sum(ids => ids.Count);
        foreach (var id in submits.Keys.Union(taken.Keys))
            Expect(taken.GetValueOrDefault(id, []), submits.GetValueOrDefault(id, []), $"taken by Customs of {id}");
        if (farEnd is not null)
        {
            if (keepsFiles)
            {
                _findings.Unexpected.AddRange(farEnd.Failed.Select(file => $"FailBox: {file}"));
                ExpectSame(farEnd.Sent.Distinct(), outbox.Select(row => row.MessageId), "SentBox");
            }

            var heard = Grouped(_receipts.Where(it => it.Actor == Actor.Customs).Select(it => (it.CaseId, it.MessageId!)));
            var said = Grouped(farEnd.Said.Select(it => (CaseOf(it.CaseNumber), it.MessageId)));
            foreach (var id in said.Keys.Union(heard.Keys))
                Expect(heard.GetValueOrDefault(id, []), said.GetValueOrDefault(id, []).Distinct().ToList(), $"said by Customs of {id}");
        }

        _findings.Unexpected.AddRange((await connection.QueryAsync<(string Id, int State, string Detail)>(
            "SELECT message_id, state, detail_en FROM customs_messages WHERE state <> @Applied", new { Applied }))
            .Select(row => $"message of Customs {row.Id} in state {row.State}: {row.Detail}"));
        return _findings;
    }

    private static string Named(Receipt receipt) => $"{receipt.Number} {receipt.CaseId} {receipt.ETag} {receipt.Event}";

    private static Dictionary<string, List<string>> Grouped(IEnumerable<(string CaseId, string MessageId)> all) =>
        all.GroupBy(it => it.CaseId, it => it.MessageId).ToDictionary(group => group.Key, group => group.ToList());

    private string CaseOf(string number) => _numbers.GetValueOrDefault(number, number);

    // What one writer wrote down, against the feed: each acknowledged submission has its receipt, and they come in the writer's order.
    private void Compare(IReadOnlyList<LedgerLine> ledger, IReadOnlyList<Receipt> feed)
    {
        _findings.Unexpected.AddRange(ledger.Where(line => line.Word == LedgerWord.Refused).Select(line => $"refused: {line}"));
        var answered = ledger.Where(line => line.Word is LedgerWord.Acknowledged or LedgerWord.Refused).Select(line => line.RequestId).ToHashSet();
        _findings.Lost.AddRange(ledger.Where(line => line.Word == LedgerWord.Intent && !answered.Contains(line.RequestId))
            .Select(line => $"never answered: {line}"));
        _findings.Changes += ledger.Count(line => line.Word == LedgerWord.Acknowledged);
        _findings.Unknown += ledger.Where(line => line.Word == LedgerWord.Unknown).Select(line => line.RequestId).Distinct().Count();

        var numbers = feed.ToLookup(receipt => (receipt.CaseId, receipt.ETag, (CaseEvent?)receipt.Event), receipt => receipt.Number);
        var last = 0L;
        foreach (var line in ledger.Where(line => line is { Word: LedgerWord.Acknowledged, Event: CaseEvent.Submit }))
        {
            var number = numbers[(line.CaseId!, line.ETag!, line.Event)].FirstOrDefault();
            if (number == 0)
                _findings.Lost.Add($"no receipt: {line}");
            else if (number < last)
                _findings.Reordered.Add($"receipt {number} came after {last}: {line}");
            last = Math.Max(last, number);
        }
    }

    // Every case was asked for, none is missing, and each says what was written into it last.
    private void CompareCases(List<LedgerLine> made, List<Case> cases)
    {
        var gone = made.Where(line => line.Event == CaseEvent.Discard).Select(line => line.CaseId!).ToHashSet();
        var summaries = made.Where(line => line.Summary is not null && !gone.Contains(line.CaseId!))
            .GroupBy(line => line.CaseId!).ToDictionary(group => group.Key, group => group.Last().Summary);
        ExpectSame(cases.Select(it => it.Id), summaries.Keys, "cases");
        _findings.Lost.AddRange(cases.Where(it => summaries.TryGetValue(it.Id, out var summary) && summary != it.Summary)
            .Select(it => $"case {it.Id} says '{it.Summary}', not '{summaries[it.Id]}'"));
    }

    // Each acknowledged change is a line of its case's history, at the version that was answered; there is no other by an authority.
    private async Task CompareHistoriesAsync(string authority, List<LedgerLine> made)
    {
        var lines = await connection.QueryAsync<(string CaseId, long Sequence, int Event)>(
            """
            SELECT t.case_id, t.sequence, t.event FROM timeline t JOIN cases c ON c.case_id = t.case_id
            WHERE c.authority_id = @authority AND t.actor = @BySelf ORDER BY t.case_id, t.sequence
            """,
            new { authority, BySelf });
        var gone = made.Where(line => line.Event == CaseEvent.Discard).Select(line => line.CaseId).ToHashSet();
        ExpectSame(
            lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.CaseId} {line.Sequence} {(CaseEvent)line.Event}")),
            made.Where(line => !gone.Contains(line.CaseId)).Select(line => $"{line.CaseId} {line.ETag} {line.Event}"),
            $"histories of {authority}");
    }

    // Each acknowledged file is there once, and is what was sent.
    private async Task CompareFilesAsync(string authority, SingleWindowClient client, List<LedgerLine> made)
    {
        var files = (await connection.QueryAsync<string>(
            "SELECT file_id FROM files WHERE authority_id = @authority AND origin = @uploaded",
            new { authority, uploaded = (int)FileOrigin.Authority })).ToHashSet();
        ExpectSame(files, made.Select(line => line.FileId!), $"files of {authority}");
        foreach (var line in made.Where(line => files.Contains(line.FileId!)))
        {
            var found = await client.Files.DownloadAsync(line.FileId!, Stream.Null);
            if (found.Sha256 != line.Sha256)
                _findings.Lost.Add($"file {found.Id} has the content {found.Sha256}, not {line.Sha256}");
        }
    }

    private async Task<Dictionary<string, List<string>>> TakenAsync()
    {
        var documents = await connection.QueryAsync<string>("SELECT document FROM sandbox_cases");
        var customs = documents.Select(SandboxCase.FromJson).ToList();
        var heard = _receipts.Where(it => it.Actor == Actor.Customs).ToLookup(it => it.CaseId);
        foreach (var it in customs)
        {
            var said = heard[CaseOf(it.CaseNumber)].Count();
            var list = said < it.Said ? _findings.Lost : _findings.Doubled;
            if (said != it.Said)
                list.Add($"Customs said {it.Said} things of {it.CaseNumber}; {said} have come");
        }

        return Grouped(customs.SelectMany(it => it.Taken.Select(id => (CaseOf(it.CaseNumber), id))));
    }

    private void Unique(IEnumerable<string> all, string what) =>
        _findings.Doubled.AddRange(all.GroupBy(it => it).Where(group => group.Count() > 1).Select(group => $"{what}: {group.Key} twice"));

    private void ExpectSame(IEnumerable<string> found, IEnumerable<string> expected, string what)
    {
        var (all, due) = (found.ToList(), expected.ToList());
        Unique(all, what);
        _findings.Lost.AddRange(due.Except(all).Select(it => $"{what}: {it} is missing"));
        _findings.Doubled.AddRange(all.Except(due).Select(it => $"{what}: {it} was never asked for"));
        _findings.Doubled.AddRange(due.GroupBy(it => it).Where(group => group.Count() > 1).Select(group => $"{what}: {group.Key} answered twice"));
    }

    private void Expect<T>(IEnumerable<T> found, IEnumerable<T> expected, string what)
        where T : notnull
    {
        var (all, due) = (found.Select(it => it.ToString()!).ToList(), expected.Select(it => it.ToString()!).ToList());
        if (all.SequenceEqual(due))
            return;
        var before = _findings.Lost.Count + _findings.Doubled.Count;
        ExpectSame(all, due, what);
        if (_findings.Lost.Count + _findings.Doubled.Count == before)
            _findings.Reordered.Add($"{what}: {string.Join(", ", all.Take(20))}");
    }
}
