using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Audit;

/// <summary>Adds to the audit, in the transaction of what is done.</summary>
public static class AuditLog
{
    /// <summary>
    /// Adds a row to an authority's chain. It gets its number and hash when it is sent. The chain is locked with the authority's feed,
    /// which every change of its cases locks anyway: where this is the first to lock it, let it come last in the transaction.
    /// </summary>
    /// <param name="sql">The transaction.</param>
    /// <param name="authorityId">Whose chain it is; there must be such an account.</param>
    /// <param name="origin">Who does it, from where, and what was asked.</param>
    /// <param name="caseId">The case; empty where it concerns none.</param>
    /// <param name="outcome">What comes of it.</param>
    /// <param name="now">When.</param>
    public static async Task AuditAsync(
        this Sql sql, string authorityId, Origin origin, string caseId, string outcome, DateTimeOffset now)
    {
        await sql.LockFeedAsync(authorityId);
        var chain = sql.Attached<LockedFeeds>().Of(authorityId);
        await sql.PostRowAsync(chain, origin, caseId, outcome, now);
        sql.KeepHeads(chain);
    }

    /// <summary>
    /// Adds a row of what concerns no authority to the server's own chain. The chain is locked until the commit, so this is for what is
    /// rare, such as an operator's acts. The transaction must act for everyone.
    /// </summary>
    /// <param name="sql">The transaction.</param>
    /// <param name="origin">Who does it, from where, and what was asked.</param>
    /// <param name="outcome">What comes of it.</param>
    /// <param name="now">When.</param>
    public static async Task AuditServerAsync(this Sql sql, Origin origin, string outcome, DateTimeOffset now)
    {
        var chain = sql.Attached<ServerChain>();
        if (!chain.IsLocked)
            chain.Take(await sql.GetAsync<string>($"SELECT value FROM settings WHERE name = 'audit'{sql.Dialect.ForUpdate}"));
        await sql.PostRowAsync(chain, origin, "", outcome, now);
        sql.PostLast("UPDATE settings SET value = @Value WHERE name = 'audit'", chain);
    }

    private static Task PostRowAsync(
        this Sql sql, IAuditChain chain, Origin origin, string caseId, string outcome, DateTimeOffset now) => sql.PostAsync(
        """
        INSERT INTO audit (authority_id, number, at, actor, credential, remote, action, case_id, request_id, request_hash, outcome,
            previous_hash, hash)
        VALUES (@AuthorityId, @Number, @At, @Actor, @Credential, @Remote, @Action, @CaseId, @RequestId, @RequestHash, @Outcome,
            @PreviousHash, @Hash)
        """,
        new NewAuditRow(chain, new AuditRow
        {
            AuthorityId = chain.AuthorityId,
            At = now.ToMicroseconds(),
            Actor = origin.Actor,
            Credential = origin.Credential,
            Remote = origin.Remote,
            Action = origin.Action,
            CaseId = caseId,
            RequestId = origin.RequestId.ToLowerInvariant(),
            RequestHash = origin.RequestHash,
            Outcome = outcome,
        }));
}

/// <summary>A chain that this transaction alone may add to.</summary>
internal interface IAuditChain
{
    /// <summary>Whose it is.</summary>
    string AuthorityId { get; }

    /// <summary>The number of the last row, with those that this transaction adds.</summary>
    long AuditNumber { get; set; }

    /// <summary>The hash of the last row.</summary>
    byte[] AuditHash { get; set; }
}

/// <summary>The server's own chain.</summary>
internal sealed class ServerChain : IAuditChain
{
    /// <summary>Whether this transaction has it.</summary>
    public bool IsLocked { get; private set; }

    /// <inheritdoc/>
    public string AuthorityId => AuditRow.ServerChain;

    /// <inheritdoc/>
    public long AuditNumber { get; set; }

    /// <inheritdoc/>
    public byte[] AuditHash { get; set; } = [];

    /// <summary>The last row as the settings keep it.</summary>
    public string Value => FormattableString.Invariant($"{AuditNumber}:{Convert.ToHexStringLower(AuditHash)}");

    /// <summary>Takes what the settings keep.</summary>
    public void Take(string value)
    {
        (AuditNumber, AuditHash) = Read(value);
        IsLocked = true;
    }

    /// <summary>The number and hash that the settings keep.</summary>
    public static (long Number, byte[] Hash) Read(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return (long.Parse(value[..colon], System.Globalization.CultureInfo.InvariantCulture), Convert.FromHexString(value[(colon + 1)..]));
    }
}

/// <summary>A row on its way into a chain. Those that are sent get the next numbers.</summary>
internal sealed class NewAuditRow(IAuditChain chain, AuditRow row) : ISettled
{
    private AuditRow row = row;

    public string AuthorityId => row.AuthorityId;

    public long Number => row.Number;

    public long At => row.At;

    public string Actor => row.Actor;

    public string Credential => row.Credential;

    public string Remote => row.Remote;

    public string Action => row.Action;

    public string CaseId => row.CaseId;

    public string RequestId => row.RequestId;

    public string RequestHash => row.RequestHash;

    public string Outcome => row.Outcome;

    public byte[] PreviousHash => row.PreviousHash;

    public byte[] Hash => row.Hash;

    /// <inheritdoc/>
    public void Settle()
    {
        row = row with { Number = ++chain.AuditNumber, PreviousHash = chain.AuditHash };
        row = row with { Hash = row.ComputeHash() };
        chain.AuditHash = row.Hash;
    }
}
