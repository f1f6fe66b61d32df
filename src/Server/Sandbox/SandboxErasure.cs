using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Sandbox;

/// <summary>Puts a sandbox account back to where it began.</summary>
internal static class SandboxErasure
{
    // What is on its way arrives within seconds; after that the numbers are no longer needed.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>
    /// Erases an account's cases with all that belongs to them, its receipts and what was chosen and set for it. Its feed begins anew
    /// under another epoch, so that cursors of before are refused by name. The numbers are remembered for a while, so that what is still
    /// on its way about them is dropped (<see cref="Exchange.ErasedCases"/>). Uploaded files stay, and so does the
    /// audit.
    /// </summary>
    /// <param name="sql">The transaction.</param>
    /// <param name="authorityId">The account.</param>
    /// <param name="reviewNumbers">The numbers of reviews that Customs has in mind and has not started.</param>
    /// <param name="now">The present.</param>
    public static async Task EraseCasesAsync(this Sql sql, string authorityId, IEnumerable<string> reviewNumbers, DateTimeOffset now)
    {
        await sql.LockFeedAsync(authorityId);
        var owner = new { authorityId, at = now.ToMicroseconds(), old = (now - Remembered).ToMicroseconds() };
        await sql.ExecuteAsync("DELETE FROM erased_cases WHERE erased_at < @old", owner);
        await sql.ExecuteAsync(
            """
            INSERT INTO erased_cases (case_number, authority_id, erased_at)
            SELECT number, authority_id, @at FROM cases WHERE authority_id = @authorityId AND number IS NOT NULL
            ON CONFLICT (case_number) DO NOTHING
            """,
            owner);
        foreach (var number in reviewNumbers)
        {
            await sql.ExecuteAsync(
                """
                INSERT INTO erased_cases (case_number, authority_id, erased_at) VALUES (@number, @authorityId, @at)
                ON CONFLICT (case_number) DO NOTHING
                """,
                new { number, owner.authorityId, owner.at });
        }

        const string Numbers = "case_number IN (SELECT case_number FROM erased_cases WHERE authority_id = @authorityId)";
        await sql.ExecuteAsync($"DELETE FROM sandbox_cases WHERE turn < (SELECT turn FROM sandbox_turn) AND {Numbers}", owner);
        await sql.ExecuteAsync($"DELETE FROM customs_messages WHERE {Numbers}", owner);
        foreach (var table in new[] { "sandbox_choices", "sandbox_accounts", "customs_messages", "outbox", "receipts", "receipt_consumers", "requests", "cases" })
            await sql.ExecuteAsync($"DELETE FROM {table} WHERE authority_id = @authorityId", owner);
        await sql.RestartFeedAsync(authorityId);
    }
}
