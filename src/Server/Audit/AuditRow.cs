using SingleWindowBridge.Server.Proof;

namespace SingleWindowBridge.Server.Audit;

/// <summary>A row of the audit: what was done, bound to the row before by its hash.</summary>
public sealed record AuditRow
{
    /// <summary>The chain of what concerns no authority. No authority can have this id.</summary>
    public const string ServerChain = "*";

    /// <summary>The columns, as the table has them.</summary>
    public const string Columns =
        "authority_id, number, at, actor, credential, remote, action, case_id, request_id, request_hash, outcome, previous_hash, hash";

    /// <summary>Whose chain it is in; * for the server's own.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>1, 2, 3 ... within the chain.</summary>
    public long Number { get; init; }

    /// <summary>When, in microseconds since 1970-01-01 UTC.</summary>
    public long At { get; init; }

    /// <summary>AUTHORITY, CUSTOMS, DELIVERY, OPERATOR or SERVER.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The id or name of the key; empty where there is none.</summary>
    public string Credential { get; init; } = "";

    /// <summary>The address that the call came from; empty where none called.</summary>
    public string Remote { get; init; } = "";

    /// <summary>The RPC, or what else was done.</summary>
    public string Action { get; init; } = "";

    /// <summary>The case; empty where it concerns none.</summary>
    public string CaseId { get; init; } = "";

    /// <summary>The id of the request or message; empty where there is none.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>SHA-256 of what was asked; empty where nothing was.</summary>
    public string RequestHash { get; init; } = "";

    /// <summary>What came of it: the case's stage and status, or a word.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The hash of the row before; empty in the first.</summary>
    public byte[] PreviousHash { get; init; } = [];

    /// <summary>The SHA-256 of all the above.</summary>
    public byte[] Hash { get; init; } = [];

    /// <summary>The hash that the row must have.</summary>
    public byte[] ComputeHash() => new CanonicalFields("singlewindow.bridge.audit/1")
        .Add(AuthorityId)
        .Add(Number)
        .Add(At)
        .Add(Actor)
        .Add(Credential)
        .Add(Remote)
        .Add(Action)
        .Add(CaseId)
        .Add(RequestId)
        .Add(RequestHash)
        .Add(Outcome)
        .Add(PreviousHash)
        .Sha256();
}
