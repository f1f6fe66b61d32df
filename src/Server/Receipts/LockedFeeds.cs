using SingleWindowBridge.Server.Audit;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>The feeds that a transaction has locked.</summary>
internal sealed class LockedFeeds
{
    private readonly Dictionary<string, LockedFeed> feeds = [];

    /// <summary>Whether an authority's feed is among them.</summary>
    public bool Has(string authorityId) => feeds.ContainsKey(authorityId);

    /// <summary>The feed of an authority.</summary>
    /// <exception cref="InvalidOperationException">It is not locked, or there is none.</exception>
    public LockedFeed Of(string authorityId) =>
        feeds.GetValueOrDefault(authorityId) ?? throw new InvalidOperationException($"The feed of {authorityId} is not locked");

    /// <summary>Takes a feed that has been locked.</summary>
    public void Add(LockedFeed feed) => feeds.TryAdd(feed.AuthorityId, feed);
}

/// <summary>A feed that this transaction alone may add to, and the audit chain of the same authority.</summary>
internal sealed class LockedFeed : IAuditChain
{
    /// <summary>Whose feed it is.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>The newest receipt's number, with those that this transaction adds.</summary>
    public long Head { get; set; }

    /// <inheritdoc/>
    public long AuditNumber { get; set; }

    /// <inheritdoc/>
    public byte[] AuditHash { get; set; } = [];
}
