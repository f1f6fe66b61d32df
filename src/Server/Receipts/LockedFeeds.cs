using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Storage;

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

/// <summary>A feed that this transaction alone may add to.</summary>
internal sealed class LockedFeed
{
    /// <summary>Whose feed it is.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>The newest receipt's number, with those that this transaction adds.</summary>
    public long Head { get; set; }
}

/// <summary>A receipt on its way into the feed. Those that are sent get the next numbers; one that is dropped leaves no gap.</summary>
internal sealed class NewReceipt(LockedFeed feed, Receipt receipt) : ISettled
{
    /// <summary>Whose it is.</summary>
    public string AuthorityId => feed.AuthorityId;

    /// <summary>Its number; 0 until it is sent.</summary>
    public long Number => receipt.Number;

    /// <summary>The case that it tells of.</summary>
    public string CaseId => receipt.CaseId;

    /// <summary>The receipt as the table holds it.</summary>
    public byte[] Content => receipt.ToByteArray();

    /// <inheritdoc/>
    public void Settle() => receipt.Number = ++feed.Head;
}
