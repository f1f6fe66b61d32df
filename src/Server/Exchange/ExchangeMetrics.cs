using System.Diagnostics.Metrics;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>What operators watch of the exchange: the meter "SingleWindowBridge.Exchange".</summary>
public sealed class ExchangeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SingleWindowBridge.Exchange";

    private readonly Counter<long> messages;
    private readonly Counter<long> attempts;
    private Levels levels = new(0, 0, 0, 0);

    /// <summary>Makes the instruments.</summary>
    public ExchangeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        messages = meter.CreateCounter<long>(
            "singlewindow.exchange.messages", "{message}", "Messages of Customs by outcome: applied, waiting, quarantined, repeat, discarded.");
        attempts = meter.CreateCounter<long>(
            "singlewindow.exchange.delivery.attempts", "{attempt}", "Attempts to hand a submission over, by outcome: sent, refused, fault, forgotten.");
        meter.CreateObservableGauge(
            "singlewindow.exchange.quarantined", () => levels.Quarantined, "{message}", "Messages of Customs in quarantine.");
        meter.CreateObservableGauge(
            "singlewindow.exchange.waiting", () => levels.Waiting, "{message}", "Messages of Customs that wait for their turn.");
        meter.CreateObservableGauge(
            "singlewindow.exchange.outbox", () => levels.Outbox, "{submission}", "Submissions that Customs does not have yet.");
        meter.CreateObservableGauge(
            "singlewindow.exchange.lag", () => levels.LagSeconds, "s", "The age of the oldest submission that Customs does not have yet.");
    }

    /// <summary>How many messages of Customs waited at the last look.</summary>
    public long Waiting => levels.Waiting;

    /// <summary>Counts a message that was taken in.</summary>
    public void Took(bool repeat, CustomsMessageState state, HoldReason reason)
    {
        var outcome = repeat ? "repeat" : WireNames.Of(state).ToLowerInvariant();
        if (repeat || reason == HoldReason.Unspecified)
            messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        else
            messages.Add(1, new("outcome", outcome), new("reason", WireNames.Of(reason).ToLowerInvariant()));
    }

    /// <summary>Counts an attempt to hand a submission over.</summary>
    public void Tried(string outcome) => attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Looks at what waits.</summary>
    public async Task LookAsync(Sql sql, DateTimeOffset now)
    {
        var held = await sql.ListAsync<Held>(
            "SELECT state, COUNT(*) AS count FROM customs_messages WHERE state IN (2, 3) GROUP BY state");
        var outbox = await sql.GetAsync<Unsent>("SELECT COUNT(*) AS count, MIN(created_at) AS oldest FROM outbox WHERE state = 0");
        levels = new Levels(
            held.Where(it => it.State == CustomsMessageState.Waiting).Sum(it => it.Count),
            held.Where(it => it.State == CustomsMessageState.Quarantined).Sum(it => it.Count),
            outbox.Count,
            outbox.Oldest is { } oldest ? Math.Max(0, (now.ToMicroseconds() - oldest) / 1e6) : 0);
    }

    private sealed class Held
    {
        public CustomsMessageState State { get; init; }

        public long Count { get; init; }
    }

    private sealed class Unsent
    {
        public long Count { get; init; }

        public long? Oldest { get; init; }
    }

    private sealed record Levels(long Waiting, long Quarantined, long Outbox, double LagSeconds);
}
