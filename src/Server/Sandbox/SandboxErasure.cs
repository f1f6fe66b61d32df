using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Sandbox;

/// <summary>Puts a sandbox account back to where it began.</summary>
internal static class SandboxErasure
{
    private static readonly Origin Reset = new("AUTHORITY", "", "", "singlewindow.sandbox.v1.SandboxService/ResetAccount");

    /// <summary>
    /// Erases an account's cases with all that belongs to them, its receipts and what was chosen and set for it. Its feed begins anew
    /// under another epoch, so that cursors of before are refused by name. Uploaded files stay, and so does the audit.
    /// </summary>
    public static async Task EraseCasesAsync(this Sql sql, string authorityId, DateTimeOffset now)
    {
        await sql.LockFeedAsync(authorityId);
        var owner = new { authorityId };
        await sql.ExecuteAsync(
            """
            DELETE FROM sandbox_cases WHERE turn < (SELECT turn FROM sandbox_turn)
              AND case_number IN (SELECT number FROM cases WHERE authority_id = @authorityId)
            """,
            owner);
        foreach (var table in new[] { "sandbox_choices", "sandbox_accounts", "customs_messages", "outbox", "receipts", "requests", "cases" })
            await sql.ExecuteAsync($"DELETE FROM {table} WHERE authority_id = @authorityId", owner);
        await sql.RestartFeedAsync(authorityId);
        await sql.AuditAsync(authorityId, Reset, "", "ERASED", now);
    }
}
