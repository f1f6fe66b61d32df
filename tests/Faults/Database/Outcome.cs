using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Faults.Database;

// Here they come before the types of the SDK, whose names are the same.
#pragma warning disable IDE0065
using SingleWindow.Bridge.V1;
#pragma warning restore IDE0065

/// <summary>
/// What a journey has left: every row of it, without what is another in every run. Whether a submission was SENT before Customs
/// received it is a matter of who is first, so that step is left out; that the numbers have no gap is checked with it.
/// </summary>
internal static partial class Outcome
{
    private const int Sent = (int)CaseEvent.Sent;

    /// <summary>Reads it, line by line.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(DbConnection own, Journey journey)
    {
        var lines = new List<string>(journey.Seen);
        var account = journey.AccountId;
        var cases = (await own.QueryAsync<(string Id, string Number)>(
            "SELECT case_id, COALESCE(number, '') FROM cases WHERE authority_id = @account ORDER BY case_id", new { account })).AsList();
        for (var index = 0; index < cases.Count; index++)
            await AddCaseAsync(own, cases[index].Id, cases[index].Number, $"case {index + 1}", lines);

        var known = new List<string>();
        int Of(string caseId)
        {
            if (!known.Contains(caseId))
                known.Add(caseId);
            return known.IndexOf(caseId) + 1;
        }

        var receipts = (await own.QueryAsync<(long Number, string CaseId, byte[] Content)>(
            "SELECT number, case_id, content FROM receipts WHERE authority_id = @account ORDER BY number", new { account })).AsList();
        var head = await own.QuerySingleAsync<long>("SELECT head FROM feeds WHERE authority_id = @account", new { account });
        lines.Add($"receipts without a gap: {head == receipts.Count && receipts.Select((receipt, index) => receipt.Number == index + 1).All(right => right)}");
        foreach (var receipt in receipts.Select(row => Receipt.Parser.ParseFrom(row.Content)).Where(receipt => receipt.Event != CaseEvent.Sent))
            lines.Add($"receipt of case {Of(receipt.CaseId)}: {receipt.Event} {receipt.Stage} {receipt.Status}");

        foreach (var row in await own.QueryAsync<(string Chain, string Actor, string Action, string CaseId, string Outcome)>(
            "SELECT authority_id, actor, action, case_id, outcome FROM audit WHERE authority_id IN (@account, @OtherId) ORDER BY authority_id, number",
            new { account, journey.OtherId }))
        {
            if (row is { Actor: "DELIVERY", Action: "delivery/SENT" })
                continue;

            // How many receipts there are up to a consumer's place depends on that step too.
            var outcome = row.Outcome.StartsWith("COMMITTED ", StringComparison.Ordinal) ? row.Outcome[..row.Outcome.LastIndexOf(' ')] : row.Outcome;
            lines.Add($"audit{row.Chain[account.Length..]}: {row.Actor} {row.Action} {(row.CaseId.Length > 0 ? Of(row.CaseId) : 0)} {outcome}");
        }

        await AddAsync(own, lines, "file", "SELECT name, origin FROM files WHERE authority_id = @account ORDER BY file_id", new { account });
        await AddAsync(own, lines, "usage", "SELECT files, bytes FROM file_usage WHERE authority_id = @account", new { account });
        await AddAsync(own, lines, "requests", "SELECT COUNT(*) FROM requests WHERE authority_id = @account", new { account });
        await AddAsync(own, lines, "consumer", "SELECT name FROM receipt_consumers WHERE authority_id = @account", new { account });
        await AddAsync(
            own, lines, "account",
            "SELECT CASE WHEN authority_id = @account THEN 1 ELSE 2 END, CASE WHEN disabled = TRUE THEN 1 ELSE 0 END FROM authorities WHERE authority_id IN (@account, @OtherId) ORDER BY 1",
            new { account, journey.OtherId });
        await AddAsync(
            own, lines, "key", "SELECT note, CASE WHEN revoked_at IS NULL THEN 'live' ELSE 'revoked' END FROM api_keys WHERE authority_id = @OtherId ORDER BY note",
            new { journey.OtherId });
        await AddAsync(own, lines, "certificates", "SELECT COUNT(*) FROM certificates WHERE authority_id = @OtherId", new { journey.OtherId });
        return [.. lines.Select(line => IdPattern().Replace(line, "#"))];
    }

    [GeneratedRegex("[0-9A-Z]{18,}")]
    private static partial Regex IdPattern();

    private static async Task AddCaseAsync(DbConnection own, string id, string number, string name, List<string> lines)
    {
        var of = new { id, number, Sent };
        await AddAsync(
            own, lines, name,
            "SELECT kind, category, products, summary, stage, status, declined, opinion, opinion_event, opinion_stage, failure_reason FROM cases WHERE case_id = @id",
            of);
        await AddAsync(
            own, lines, $"{name} step", "SELECT actor, event, stage, status, opinion, failure_reason FROM timeline WHERE case_id = @id AND event <> @Sent ORDER BY sequence", of);
        var steps = (await own.QueryAsync<long>("SELECT sequence FROM timeline WHERE case_id = @id ORDER BY sequence", of)).AsList();
        lines.Add($"{name} steps without a gap: {steps.Select((step, index) => step == steps[0] + index).All(right => right)}");
        await AddAsync(own, lines, $"{name} questionnaire", "SELECT template_id, length(answers) FROM questionnaires WHERE case_id = @id", of);
        await AddAsync(
            own, lines, $"{name} rectification",
            "SELECT round, opinion, requirements, CASE WHEN submitted_at IS NULL THEN 0 ELSE 1 END, length(answer) FROM rectifications WHERE case_id = @id ORDER BY round",
            of);
        await AddAsync(
            own, lines, $"{name} negotiation", "SELECT topic, round, party, state FROM negotiation_entries WHERE case_id = @id ORDER BY topic, round, party", of);
        await AddAsync(own, lines, $"{name} draft replies", "SELECT COUNT(*) FROM negotiation_drafts WHERE case_id = @id", of);
        await AddAsync(own, lines, $"{name} signatories", "SELECT COUNT(*) FROM signatories WHERE case_id = @id", of);
        await AddAsync(own, lines, $"{name} review", "SELECT CASE WHEN answer IS NULL THEN 'open' ELSE 'answered' END FROM reviews WHERE case_id = @id", of);
        await AddAsync(
            own, lines, $"{name} files of Customs", "SELECT role, round, position FROM customs_files WHERE case_id = @id ORDER BY role, round, position", of);
        await AddAsync(
            own, lines, $"{name} submission",
            "SELECT CASE WHEN moves_case = TRUE THEN 1 ELSE 0 END, delivery, state, length(content) FROM outbox WHERE case_id = @id ORDER BY created_at", of);
        await AddAsync(
            own, lines, $"{name} message of Customs",
            "SELECT event, state, reason, sequence, turn FROM customs_messages WHERE case_number = @number AND case_number <> '' ORDER BY entry_id", of);
        await AddFarEndAsync(own, of, name, lines);
    }

    // What the far end has taken: each submission, once.
    private static async Task AddFarEndAsync(DbConnection own, object of, string name, List<string> lines)
    {
        var sent = (await own.QueryAsync<string>("SELECT message_id FROM outbox WHERE case_id = @id AND state = 1", of)).AsList();
        var document = await own.QuerySingleOrDefaultAsync<string>("SELECT document FROM sandbox_cases WHERE case_number = @number", of);
        var taken = document is null ? [] : SandboxCase.FromJson(document).Taken;
        lines.AddRange(sent.Except(taken).Select(_ => $"{name}: a submission that Customs has not got"));
        lines.AddRange(taken.Except(sent).Select(_ => $"{name}: a submission that nobody sent"));
        lines.Add($"{name}: {taken.Count} submissions taken, {taken.Distinct().Count()} of them different");
    }

    private static async Task AddAsync(DbConnection own, List<string> lines, string what, string query, object of)
    {
        await using var reader = await own.ExecuteReaderAsync(query, of);
        while (await reader.ReadAsync())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            lines.Add($"{what}: {string.Join(' ', values.Select(value => value is bool flag ? (flag ? 1 : 0) : value))}");
        }
    }
}
