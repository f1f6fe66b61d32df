using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Audit;

/// <summary>Reads the audit. For those who act for everyone.</summary>
public static class AuditTable
{
    /// <summary>Where each chain ends, as the server keeps it beside the rows.</summary>
    public static async Task<IReadOnlyList<ChainHead>> ListChainHeadsAsync(this Sql sql)
    {
        var feeds = await sql.ListAsync<Row>("SELECT authority_id, audit_number, audit_hash FROM feeds");
        var (number, hash) = ServerChain.Read(await sql.GetAsync<string>("SELECT value FROM settings WHERE name = 'audit'"));
        return [new ChainHead(AuditRow.ServerChain, number, hash), .. feeds.Select(row => new ChainHead(row.AuthorityId, row.AuditNumber, row.AuditHash))];
    }

    /// <summary>At most so many rows after a place, by chain and number.</summary>
    public static Task<IReadOnlyList<AuditRow>> ListAuditAsync(this Sql sql, string authorityId, long number, int most) => sql.ListAsync<AuditRow>(
        $"""
        SELECT {AuditRow.Columns} FROM audit
        WHERE (authority_id, number) > (@authorityId, @number)
        ORDER BY authority_id, number LIMIT @most
        """,
        new { authorityId, number, most });

    private sealed class Row
    {
        public string AuthorityId { get; init; } = "";

        public long AuditNumber { get; init; }

        public byte[] AuditHash { get; init; } = [];
    }
}
