using Dapper;
using SingleWindowBridge.Faults.Processes;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>The comparison finds what is wrong: what must not happen is done by hand where nothing befell anything.</summary>
public sealed class ReckoningTests
{
    private const string FirstCase = "(SELECT MIN(case_id) FROM cases WHERE number IS NOT NULL)";

    [Fact]
    public async Task It_finds_what_is_lost_doubled_and_reordered()
    {
        await using var world = await World.StartAsync(new WorldPlan(1));
        await world.AcknowledgesAsync(60);
        var whole = await world.ReckonAsync();
        Assert.Empty(whole.Lost.Concat(whole.Doubled).Concat(whole.Reordered).Concat(whole.Unexpected));
        Assert.True(whole is { Changes: >= 60, Receipts: > 0, Submissions: > 0 }, whole.ToString());

        await using var connection = await world.ConnectAsync();
        await connection.ExecuteAsync(
            $"""
            UPDATE outbox SET state = 0 WHERE message_id = (SELECT MIN(message_id) FROM outbox);
            DELETE FROM outbox WHERE message_id = (SELECT MAX(message_id) FROM outbox);
            INSERT INTO outbox (message_id, authority_id, case_id, content, moves_case, delivery, attempts, state, due_at, created_at)
            SELECT 'ANOTHER', authority_id, case_id, content, moves_case, delivery, attempts, state, due_at, created_at FROM outbox LIMIT 1;
            UPDATE cases SET summary = 'before' WHERE case_id = {FirstCase};
            DELETE FROM timeline WHERE case_id = {FirstCase} AND sequence = 1;
            INSERT INTO timeline (case_id, sequence, at, actor, event, stage, status, opinion, opinion_stage, failure_reason, receipt_number)
            SELECT case_id, 999, 0, 1, 2, 1, 1, '', 0, '', 0 FROM cases WHERE case_id = {FirstCase};
            UPDATE customs_messages SET state = 3 WHERE entry_id = (SELECT MIN(entry_id) FROM customs_messages);
            DELETE FROM sandbox_cases WHERE case_number = (SELECT MIN(case_number) FROM sandbox_cases);
            INSERT INTO files (file_id, authority_id, sha256, name, media_type, size_bytes, origin, created_at)
            SELECT 'STRANGE', authority_id, sha256, name, media_type, size_bytes, origin, created_at FROM files LIMIT 1;
            """);
        var writer = world.Writers.MaxBy(it => it.Ledger.Read().Count(line => line is { Word: LedgerWord.Acknowledged, Event: CaseEvent.Submit }))!;
        var submitted = writer.Ledger.Read().Last(line => line is { Word: LedgerWord.Acknowledged, Event: CaseEvent.Submit });
        var first = writer.Ledger.Read().First(line => line is { Word: LedgerWord.Acknowledged, Event: CaseEvent.Submit });
        writer.Ledger.Write(submitted with { RequestId = Guid.NewGuid(), ETag = "12345" });
        writer.Ledger.Write(first);
        writer.Ledger.Write(submitted with { Word = LedgerWord.Intent, RequestId = Guid.NewGuid() });
        var uploaded = writer.Ledger.Read().First(line => line is { Word: LedgerWord.Acknowledged, FileId: not null });
        writer.Ledger.Write(uploaded with { FileId = "NEVER" });
        writer.Ledger.Write(uploaded with { Sha256 = new string('0', 64) });

        var found = await world.CompareAsync();
        foreach (var word in new[]
        {
            "is not sent", "outbox: ", "histories of", "says 'before'", "no receipt", "never answered", "taken by Customs", "NEVER is missing",
            "has the content",
        })
        {
            Assert.Contains(found.Lost, it => it.Contains(word, StringComparison.Ordinal));
        }

        foreach (var word in new[] { "ANOTHER was never asked for", "999 Submit was never asked for", "answered twice", "STRANGE was never asked for" })
            Assert.Contains(found.Doubled, it => it.Contains(word, StringComparison.Ordinal));
        Assert.Contains(found.Reordered, it => it.Contains("came after", StringComparison.Ordinal));
        Assert.Contains(found.Unexpected, it => it.Contains("in state 3", StringComparison.Ordinal));
    }
}
