using System.Data.Common;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>
/// The streams that are open, by what they have shown. When accounts have changed, and when a credential ends, each is looked at again;
/// those that would not be admitted any more end with the reason. A change that this server made or hears of is looked at within
/// <see cref="Tick"/>; one that it does not hear of is found by the database's own look, within a second.
/// </summary>
public sealed class OpenStreams(
    Credentials credentials, IBridgeDatabase database, Drain drain, TimeProvider clock, ILogger<OpenStreams> logger) : BackgroundService
{
    /// <summary>How often changes are looked for.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly Dictionary<(ShownCredential, Role), AdmittedStreams> open = [];
    private long seenMark = -1;
    private long seenCount = -1;
    private bool again;

    /// <summary>Notes that a stream begins.</summary>
    /// <returns>What all streams of this credential share; to be given to <see cref="Leave"/> at the stream's end.</returns>
    public AdmittedStreams Join(ShownCredential shown, Role role, Admission admission)
    {
        lock (gate)
        {
            if (!open.TryGetValue((shown, role), out var streams) || streams.Refusal is not null)
                open[(shown, role)] = streams = new AdmittedStreams(shown, role, admission.ExpiresAt, drain.StreamsEnd);
            streams.Count++;

            // What has changed between the admission and now is seen at the next tick.
            streams.IsNew = true;
            return streams;
        }
    }

    /// <summary>Notes that a stream has ended.</summary>
    public void Leave(AdmittedStreams streams)
    {
        lock (gate)
        {
            if (--streams.Count > 0)
                return;
            if (open.GetValueOrDefault((streams.Shown, streams.Role)) == streams)
                open.Remove((streams.Shown, streams.Role));
        }

        streams.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whoever is shut out must be found all the same, and the server must not stop for it.
                    seenCount = -1;
                    logger.LogError(fault, "Open streams could not be looked at; going on in a second");
                    await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops, and the streams with it.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        List<AdmittedStreams> all;
        lock (gate)
            all = [.. open.Values];
        if (all.Count == 0)
            return;

        try
        {
            var mark = database.AccountsMark();
            var changed = mark != seenMark && await HaveChangedAsync(cancellationToken);
            var now = clock.GetUtcNow().ToMicroseconds();
            foreach (var streams in all)
            {
                if (changed || streams.IsNew || streams.ExpiresAt <= now)
                    await LookAsync(streams, cancellationToken);
            }

            seenMark = mark;
        }
        catch (Exception failure) when (failure is DbException || database.IsOutage(failure))
        {
            // Looked at again at the next tick. Followers are told by their feed when the database stays away.
            seenCount = -1;
            logger.LogDebug("Whether accounts have changed cannot be seen now: {Failure}", failure.Message);
        }
    }

    private async Task LookAsync(AdmittedStreams streams, CancellationToken cancellationToken)
    {
        streams.IsNew = false;
        try
        {
            streams.ExpiresAt = (await credentials.AdmitAsync(streams.Shown, streams.Role, cancellationToken)).ExpiresAt;
        }
        catch (BridgeException refusal)
        {
            logger.LogInformation("Open streams end: {Reason}", refusal.Reason);
            streams.End(refusal);
        }
        catch (Exception)
        {
            streams.IsNew = true;
            throw;
        }
    }

    // The mark may change with any commit; the counter tells whether it was one of accounts. It may tell of a change whose mark is still
    // on its way, and then the accounts in memory are those of before: so they are looked at when the next mark comes, too.
    private async Task<bool> HaveChangedAsync(CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var count = await sql.GetAsync<long>("SELECT value FROM counters WHERE name = 'accounts'");
        var changed = count != seenCount;
        var looks = changed || again;
        (seenCount, again) = (count, changed);
        return looks;
    }
}

/// <summary>The open streams of one credential.</summary>
public sealed class AdmittedStreams : IDisposable
{
    private readonly CancellationTokenSource ending;

    internal AdmittedStreams(ShownCredential shown, Role role, long? expiresAt, CancellationToken streamsEnd)
    {
        (Shown, Role, ExpiresAt) = (shown, role, expiresAt);
        ending = CancellationTokenSource.CreateLinkedTokenSource(streamsEnd);
        Ending = ending.Token;
    }

    /// <summary>Cancelled when the streams are to end: because of <see cref="Refusal"/>, or because the server stops.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Why they are to end; null where that is not their credential's doing.</summary>
    public BridgeException? Refusal { get; private set; }

    internal ShownCredential Shown { get; }

    internal Role Role { get; }

    internal int Count { get; set; }

    internal bool IsNew { get; set; }

    internal long? ExpiresAt { get; set; }

    /// <inheritdoc/>
    public void Dispose() => ending.Dispose();

    internal void End(BridgeException refusal)
    {
        if (Refusal is not null)
            return;

        Refusal = refusal;
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The last of them has ended by itself.
        }
    }
}
