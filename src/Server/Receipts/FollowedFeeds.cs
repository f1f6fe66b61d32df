using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>
/// The feeds that somebody follows on this server. Each is read once for all of its followers: when this server has changed it, when
/// another server says that it has, and, since what others say may be lost, when a look at the heads of all of them in one query,
/// every second, finds it ahead.
/// </summary>
public sealed class FollowedFeeds : BackgroundService
{
    /// <summary>Where servers tell each other whose feeds have changed.</summary>
    public const string Channel = "bridge_feeds";

    // How long the database may be out of reach before the followers are told, so that they can turn to another server.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.25);

    private readonly Lock gate = new();
    private readonly Dictionary<string, FollowedFeed> feeds = [];
    private readonly IBridgeDatabase database;
    private readonly TimeProvider clock;
    private readonly TaskScheduler workplace;
    private readonly ILogger<FollowedFeeds> logger;
    private volatile bool sweepNow;

    /// <summary>Begins to hear what other servers tell.</summary>
    public FollowedFeeds(IBridgeDatabase database, TimeProvider clock, TaskScheduler workplace, ILogger<FollowedFeeds> logger)
    {
        (this.database, this.clock, this.workplace, this.logger) = (database, clock, workplace, logger);
        database.Hear(Channel, Changed, () => sweepNow = true);
    }

    /// <summary>How many follow at the moment.</summary>
    public int Followers
    {
        get
        {
            lock (gate)
                return feeds.Values.Sum(feed => feed.Count);
        }
    }

    /// <summary>Says that an authority's feed has changed.</summary>
    public void Changed(string authorityId)
    {
        lock (gate)
            feeds.GetValueOrDefault(authorityId)?.ReadSoon();
    }

    /// <summary>Follows a feed until disposed.</summary>
    /// <param name="state">The feed as it was just read.</param>
    /// <param name="heartbeat">After how long a quiet follower is woken all the same.</param>
    internal Follower Join(FeedState state, TimeSpan heartbeat)
    {
        lock (gate)
        {
            // One that has ended is there until its followers have gone; who comes now follows the feed as it is now.
            var feed = feeds.GetValueOrDefault(state.AuthorityId);
            feed?.Compare(state, known: 0);
            if (feed is null || feed.HasEnded)
                feeds[state.AuthorityId] = feed = new FollowedFeed(database, state, workplace, logger);
            var follower = new Follower(this, feed, heartbeat, clock);
            feed.Add(follower);
            return follower;
        }
    }

    internal void Leave(Follower follower)
    {
        lock (gate)
        {
            if (follower.Feed.Remove(follower) == 0 && feeds.GetValueOrDefault(follower.Feed.AuthorityId) == follower.Feed)
                feeds.Remove(follower.Feed.AuthorityId);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        var (swept, reached) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (await NextTickAsync(timer, stoppingToken))
        {
            var followed = Followed();
            followed.ForEach(feed => feed.WakeTheQuiet());
            if (!sweepNow && clock.GetElapsedTime(swept) < SweepInterval)
                continue;

            sweepNow = false;
            swept = clock.GetTimestamp();
            if (await SweepAsync(followed, stoppingToken) is not { } failure)
                reached = clock.GetTimestamp();
            else if (clock.GetElapsedTime(reached) >= Patience)
                followed.ForEach(feed => feed.End(failure));
        }
    }

    /// <summary>One sweep: has those feeds read that are ahead of what is known of them here.</summary>
    internal Task SweepAsync(CancellationToken cancellationToken) => SweepAsync(Followed(), cancellationToken);

    private List<FollowedFeed> Followed()
    {
        lock (gate)
            return [.. feeds.Values];
    }

    private static async Task<bool> NextTickAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Gives the failure, if it was one.
    private async Task<Exception?> SweepAsync(List<FollowedFeed> followed, CancellationToken stoppingToken)
    {
        if (followed.Count == 0)
            return null;

        var known = followed.ToDictionary(feed => feed, feed => feed.Head);
        using var tooLate = new CancellationTokenSource(Patience, clock);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, tooLate.Token);
            await using var sql = await database.OpenAsync(Scope.Everyone, patience.Token);
            var states = (await sql.ListFeedsAsync([.. followed.Select(feed => feed.AuthorityId)])).ToDictionary(state => state.AuthorityId);
            foreach (var feed in followed)
            {
                if (states.TryGetValue(feed.AuthorityId, out var state))
                    feed.Compare(state, known[feed]);
            }

            return null;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogWarning("The heads of the followed feeds could not be read: {Failure}", failure.Message);
            return database.IsOutage(failure) || tooLate.IsCancellationRequested ? new BridgeException(ErrorReason.StoreUnavailable, failure) : failure;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
