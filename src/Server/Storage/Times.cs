using Google.Protobuf.WellKnownTypes;

namespace SingleWindowBridge.Server.Storage;

/// <summary>Times as the tables hold them: microseconds since 1970-01-01 UTC, the same on both engines.</summary>
public static class Times
{
    /// <summary>The column's value of a time.</summary>
    public static long ToMicroseconds(this DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time of a column's value.</summary>
    public static DateTimeOffset FromMicroseconds(long value) => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond);

    /// <summary>The contract's form of a column's value.</summary>
    public static Timestamp ToTimestamp(long value) => Timestamp.FromDateTimeOffset(FromMicroseconds(value));

    /// <summary>The contract's form of a column that may be NULL.</summary>
    public static Timestamp? ToTimestamp(long? value) => value is { } given ? ToTimestamp(given) : null;
}
