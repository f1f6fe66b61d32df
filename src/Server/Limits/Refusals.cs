using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Limits;

/// <summary>The one way in which a limit refuses; counted in the meter "SingleWindowBridge.Limits" by scope and limit.</summary>
public sealed class Refusals
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SingleWindowBridge.Limits";

    // Sooner is no use: others wait too.
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(100);

    // Not all of them are to come again at the same moment.
    private const int BusyAnswers = 16;

    private readonly Lazy<PreparedRefusal[]> busyAnswers = new(() =>
        [.. Enumerable.Range(0, BusyAnswers).Select(index => new PreparedRefusal(Busy(1 + (index / (double)BusyAnswers)).ToRpcException()))]);

    private readonly ConcurrentDictionary<(ErrorReason, string?, string?, TimeSpan?), PreparedRefusal> prepared = new();
    private readonly Counter<long> refused;
    private readonly ObservableGauge<long> bytes;

    /// <summary>Makes the instruments.</summary>
    public Refusals(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        refused = meter.CreateCounter<long>(
            "singlewindow.limits.refused", "{refusal}", "What a limit has refused: calls, and connections (scope ADDRESS or SERVER, limit CONNECTIONS).");
        bytes = meter.CreateObservableGauge("singlewindow.limits.bytes", () => InFlight?.Invoke() ?? 0, "By", "Bytes of requests in memory.");
    }

    /// <summary>Says how many bytes of requests are in memory.</summary>
    internal Func<long>? InFlight { get; set; }

    /// <summary>Counts what was refused without a word: a connection.</summary>
    public void Count(string scope, string limit) => refused.Add(1, new("scope", scope), new("limit", limit));

    /// <summary>Too much in a short time.</summary>
    /// <param name="scope">Whose: ACCOUNT, CONNECTION or ADDRESS.</param>
    /// <param name="limit">Of what: CALLS or UPLOAD_BYTES.</param>
    /// <param name="wait">When it may pass.</param>
    internal BridgeException Rate(string scope, string limit, TimeSpan wait)
    {
        Count(scope, limit);
        return new BridgeException(ErrorReason.RateLimited, ("scope", scope), ("limit", limit)) { RetryAfter = wait > Soonest ? wait : Soonest };
    }

    /// <summary>Too much at once.</summary>
    /// <param name="scope">Whose: ACCOUNT, ADDRESS or SERVER.</param>
    /// <param name="limit">Of what: CALLS, STREAMS or BYTES.</param>
    internal BridgeException AtOnce(string scope, string limit)
    {
        Count(scope, limit);
        return new BridgeException(ErrorReason.TooManyAtOnce, ("scope", scope), ("limit", limit));
    }

    /// <summary>Too much for the server, of all accounts together.</summary>
    internal BridgeException Busy()
    {
        Count("SERVER", "CALLS");
        return Busy(1 + Random.Shared.NextDouble());
    }

    /// <summary>The same, as it goes over the wire: made beforehand, since there are many of them just when there is too much to do.</summary>
    internal PreparedRefusal BusyAnswer()
    {
        Count("SERVER", "CALLS");
        return busyAnswers.Value[Random.Shared.Next(BusyAnswers)];
    }

    /// <summary>A refusal as it goes over the wire; those of which many come, of nobody in particular, are kept.</summary>
    internal PreparedRefusal Prepared(BridgeException refusal)
    {
        var (scope, limit) = (refusal.Fields.GetValueOrDefault("scope"), refusal.Fields.GetValueOrDefault("limit"));
        if (refusal.Problems.Count > 0 || refusal.Fields.Count != (scope is null ? 0 : 1) + (limit is null ? 0 : 1))
            return new PreparedRefusal(refusal.ToRpcException());

        var kind = (refusal.Reason, scope, limit, refusal.RetryAfter is { } wait ? Rounded(wait) : (TimeSpan?)null);
        return prepared.GetOrAdd(kind, static (kind, refusal) => new PreparedRefusal(
            new BridgeException(refusal.Reason, [.. refusal.Fields.Select(field => (field.Key, field.Value))]) { RetryAfter = kind.Item4 }.ToRpcException()),
            refusal);
    }

    /// <summary>Too many calls of an address without a good credential.</summary>
    internal BridgeException Strangers(TimeSpan wait)
    {
        Count("ADDRESS", "CREDENTIALS");
        return new BridgeException(ErrorReason.TooManyBadCredentials) { RetryAfter = wait > Soonest ? wait : Soonest };
    }

    // Up, so that nobody comes too soon: to tenths of a second, and above two of them to seconds.
    private static TimeSpan Rounded(TimeSpan wait)
    {
        var step = wait > TimeSpan.FromSeconds(2) ? TimeSpan.FromSeconds(1) : Soonest;
        return Math.Ceiling(wait / step) * step;
    }

    private static BridgeException Busy(double seconds) =>
        new(ErrorReason.ServerBusy) { RetryAfter = TimeSpan.FromSeconds(seconds) };
}
