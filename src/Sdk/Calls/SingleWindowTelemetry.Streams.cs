using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SingleWindowBridge;

// Streams: the watch of receipts.
public static partial class SingleWindowTelemetry
{
    private static readonly Histogram<long> Responses = Meter.CreateHistogram<long>(
        "rpc.client.responses_per_rpc", "{count}", "How many messages a stream brought.");

    private static readonly Counter<long> Receipts = Meter.CreateCounter<long>(
        "singlewindow.watch.receipts", "{receipt}", "Receipts given by watches.");

    private static readonly Counter<long> Reconnects = Meter.CreateCounter<long>(
        "singlewindow.watch.reconnects", "{reconnect}", "How often a watch was cut and taken up again.");

    private static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "singlewindow.watch.lag", "s", "From a receipt's commit to when the watch gave it.");

    internal static void CountReceipt(Receipt receipt, TimeProvider time)
    {
        Receipts.Add(1);
        if (Lag.Enabled)
            Lag.Record(Math.Max(0, (time.GetUtcNow() - receipt.Time).TotalSeconds));
    }

    internal static void CountReconnect(SingleWindowException? error) =>
        Reconnects.Add(1, new KeyValuePair<string, object?>("error.type", ErrorType(error)));

    internal static StreamScope StartStream(Rpc rpc, ServerName? server, TimeProvider time) => new(rpc, server, time);

    private static string ErrorType(SingleWindowException? error) => error is null ? "cut" : error.ReasonCode ?? error.StatusCode.ToString();

    /// <summary>One stream under way.</summary>
    internal sealed class StreamScope : IDisposable
    {
        private readonly Rpc _rpc;
        private readonly ServerName? _server;
        private readonly TimeProvider _time;
        private readonly long _start;
        private readonly Activity? _activity;
        private RpcStatusCode _status = RpcStatusCode.Cancelled;
        private long _messages;

        public StreamScope(Rpc rpc, ServerName? server, TimeProvider time)
        {
            (_rpc, _server, _time, _start) = (rpc, server, time, time.GetTimestamp());
            _activity = StartActivity(rpc, server);
        }

        public void Count() => _messages++;

        /// <summary>The server ended the stream without an error.</summary>
        public void End() => _status = RpcStatusCode.Ok;

        /// <summary>The stream was cut, or is so silent that it counts as cut.</summary>
        public void Fail(SingleWindowException? exception, string reason)
        {
            _status = exception?.StatusCode ?? RpcStatusCode.Cancelled;
            _activity?.SetTag("error.type", ErrorType(exception));
            _activity?.SetStatus(ActivityStatusCode.Error, reason);
        }

        public void Dispose()
        {
            _activity?.SetTag("rpc.grpc.status_code", (int)_status);
            _activity?.SetTag("singlewindow.messages", _messages);
            _activity?.Dispose();
            Record(_rpc, _server, _status, _time.GetElapsedTime(_start));
            if (Responses.Enabled)
                Responses.Record(_messages, Tags(_rpc, _server, _status));
        }
    }
}
