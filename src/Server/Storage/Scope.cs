namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// Whom a statement acts for. PostgreSQL's row-level security shows it no other authority's rows, whatever its WHERE says; SQLite
/// has no such fence.
/// </summary>
public readonly record struct Scope
{
    /// <summary>Acts for all authorities: delivery, reception, accounts, the simulated Customs.</summary>
    public static readonly Scope Everyone = new("*");

    private readonly string? value;

    private Scope(string value) => this.value = value;

    /// <summary>Acts for all that some act for: what they write is written together.</summary>
    public static Scope Of(IEnumerable<Scope> several)
    {
        var all = several.ToList();
        return all.Contains(Everyone) ? Everyone : new Scope(string.Join('\n', all.Select(each => each.Value)));
    }

    /// <summary>As the fence is told it: an authority's id, or several with a line each, "*" for all; empty for none.</summary>
    public string Value => value ?? "";

    /// <summary>Acts for one authority.</summary>
    /// <exception cref="ArgumentException">The id is empty, or stands for all.</exception>
    public static Scope Of(string authorityId) => authorityId is "" or "*"
        ? throw new ArgumentException($"No authority has the id '{authorityId}'", nameof(authorityId))
        : new Scope(authorityId);
}
