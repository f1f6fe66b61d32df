namespace SingleWindowBridge.Server.Storage;

/// <summary>The few words that the engines do not share; all other SQL is one text for both.</summary>
/// <param name="ForUpdate">Ends a SELECT of rows that are to stay as they are until the transaction ends.</param>
/// <param name="SkipLocked">The same, passing over the rows that another transaction has.</param>
/// <param name="NextCaseNumbers">Gives the first of the next 512 counts of official numbers, all of which are then taken.</param>
/// <param name="Content">The column of a blob's content, to be read as a stream; takes @start, which counts from 1.</param>
/// <param name="SeeksContent">Whether that stream begins at 1 all the same, so that it must be set to the start.</param>
/// <param name="Fence">Tells the engine whom the statements after it act for, as @bridge_scope; null where it keeps no fence.</param>
public sealed record SqlDialect(
    string ForUpdate, string SkipLocked, string NextCaseNumbers, string Content, bool SeeksContent, string? Fence)
{
    /// <summary>SQLite: one writer at a time, so there is nothing to lock.</summary>
    public static readonly SqlDialect Sqlite = new(
        ForUpdate: "",
        SkipLocked: "",
        NextCaseNumbers:
            """
            INSERT INTO counters (name, value) VALUES ('case_number', 512)
            ON CONFLICT (name) DO UPDATE SET value = counters.value + 512
            RETURNING value - 511
            """,
        // With its row id beside it SQLite reads a content piece by piece, not whole.
        Content: "content, rowid",
        SeeksContent: true,
        Fence: null);

    /// <summary>PostgreSQL.</summary>
    public static readonly SqlDialect Postgres = new(
        ForUpdate: " FOR UPDATE",
        SkipLocked: " FOR UPDATE SKIP LOCKED",
        // A counter's row would be locked until the commit, and all authorities' first submissions would wait for each other.
        NextCaseNumbers: "SELECT nextval('case_numbers')",
        Content: "substr(content, @start)",
        SeeksContent: false,
        Fence: "CALL act_for(@bridge_scope)");

    /// <summary>A condition: the column is one of the parameter's values, an array.</summary>
    public string In(string column, string parameter) => Fence is null ? $"{column} IN @{parameter}" : $"{column} = ANY(@{parameter})";
}
