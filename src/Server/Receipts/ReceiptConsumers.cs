using System.Globalization;
using System.Text.RegularExpressions;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>The consumers of each authority's receipts, and how far each has come.</summary>
internal static partial class ReceiptConsumers
{
    private const int Most = 100;

    /// <summary>A name that can be a consumer's.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID.</exception>
    public static void CheckName(string name)
    {
        var rules = new FieldRules();
        if (rules.Required("name", name.Length > 0) && !Name().IsMatch(name))
        {
            rules.Add(
                "name", FieldProblemCode.Malformed,
                "应为 1 至 64 个字符：小写字母、数字、“.”“_”“-”，以字母或数字开头。",
                "Must be 1 to 64 of the characters a-z, 0-9, \".\", \"_\" and \"-\", a letter or digit first.");
        }

        rules.ThrowIfAny();
    }

    /// <summary>Every consumer of an authority, by name.</summary>
    public static async Task<IReadOnlyList<ReceiptConsumer>> ListConsumersAsync(this Sql sql, FeedState feed)
    {
        var rows = await sql.ListAsync<Row>(
            "SELECT name, epoch, number, updated_at FROM receipt_consumers WHERE authority_id = @AuthorityId ORDER BY name",
            new { feed.AuthorityId });
        return [.. rows.Select(row => row.ToMessage(feed))];
    }

    /// <summary>One consumer.</summary>
    /// <exception cref="BridgeException">RECEIPT_CONSUMER_NOT_FOUND.</exception>
    public static async Task<ReceiptConsumer> GetConsumerAsync(this Sql sql, FeedState feed, string name) =>
        (await sql.FindAsync<Row>(
            "SELECT name, epoch, number, updated_at FROM receipt_consumers WHERE authority_id = @AuthorityId AND name = @name",
            new { feed.AuthorityId, name }) ?? throw NotFound(name)).ToMessage(feed);

    /// <summary>Keeps a place, unless a further one is kept and it may not go back. The feed must be locked: commits come one by one.</summary>
    /// <returns>What the audit is to say of it; null where nothing changed.</returns>
    /// <exception cref="BridgeException">TOO_MANY_RECEIPT_CONSUMERS.</exception>
    public static async Task<string?> CommitConsumerAsync(
        this Sql sql, FeedState feed, string name, long number, bool allowBack, DateTimeOffset now)
    {
        var place = new { feed.AuthorityId, feed.Epoch, name, number, allowBack, now = now.ToMicroseconds() };
        var before = await sql.FindAsync<Row>(
            "SELECT name, epoch, number, updated_at FROM receipt_consumers WHERE authority_id = @AuthorityId AND name = @name", place);
        if (before is null
            && await sql.GetAsync<long>("SELECT COUNT(*) FROM receipt_consumers WHERE authority_id = @AuthorityId", place) >= Most)
        {
            throw new BridgeException(ErrorReason.TooManyReceiptConsumers, ("most", Most.ToString(CultureInfo.InvariantCulture)));
        }

        var changed = await sql.ExecuteAsync(
            """
            INSERT INTO receipt_consumers (authority_id, name, epoch, number, updated_at) VALUES (@AuthorityId, @name, @Epoch, @number, @now)
            ON CONFLICT (authority_id, name) DO UPDATE SET epoch = excluded.epoch, number = excluded.number, updated_at = excluded.updated_at
            WHERE receipt_consumers.epoch <> excluded.epoch OR receipt_consumers.number < excluded.number
               OR (receipt_consumers.number > excluded.number AND @allowBack = TRUE)
            """,
            place) > 0;
        if (!changed)
            return null;
        var back = before is not null && before.Epoch == feed.Epoch && number < before.Number;
        return string.Create(CultureInfo.InvariantCulture, $"{(back ? "SET BACK" : "COMMITTED")} {name} {number}");
    }

    /// <summary>Forgets a consumer.</summary>
    /// <exception cref="BridgeException">RECEIPT_CONSUMER_NOT_FOUND.</exception>
    public static async Task DeleteConsumerAsync(this Sql sql, string authorityId, string name)
    {
        if (await sql.ExecuteAsync("DELETE FROM receipt_consumers WHERE authority_id = @authorityId AND name = @name", new { authorityId, name }) == 0)
            throw NotFound(name);
    }

    private static BridgeException NotFound(string name) => new(ErrorReason.ReceiptConsumerNotFound, ("name", name));

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Name();

    private sealed class Row
    {
        public string Name { get; init; } = "";

        public string Epoch { get; init; } = "";

        public long Number { get; init; }

        public long UpdatedAt { get; init; }

        // The cursor is of the feed in which the place was kept: where that has begun anew since, it is refused by name.
        public ReceiptConsumer ToMessage(FeedState feed) => new()
        {
            Name = Name,
            Cursor = new FeedState { AuthorityId = feed.AuthorityId, Epoch = Epoch }.CursorAt(Number),
            Number = Number,
            HeadNumber = feed.Head,
            UpdateTime = Times.ToTimestamp(UpdatedAt),
        };
    }
}
