using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SingleWindowBridge;

/// <summary>The names under which this library tells of its calls to OpenTelemetry: <c>AddSource</c> and
/// <c>AddMeter</c>.</summary>
/// <remarks>One activity and one measurement of <c>rpc.client.duration</c> (a histogram in milliseconds) for each call, over
/// all its attempts, tagged <c>rpc.system</c>, <c>rpc.service</c>, <c>rpc.method</c>, <c>rpc.grpc.status_code</c> and, where there is
/// one endpoint, <c>server.address</c> and <c>server.port</c>; the activity also with <c>singlewindow.attempts</c>,
/// <c>singlewindow.request_id</c> and, where it failed, <c>error.type</c>. A watch of receipts has one activity and measurement for each of
/// its streams, when the stream ends, with <c>singlewindow.messages</c> and <c>rpc.client.responses_per_rpc</c>; and
/// <c>singlewindow.watch.receipts</c>, <c>singlewindow.watch.reconnects</c> (tagged <c>error.type</c>) and
/// <c>singlewindow.watch.lag</c> (a histogram in seconds, from a receipt's commit by the server's clock to when it was given by this
/// machine's).</remarks>
public static partial class SingleWindowTelemetry
{
    /// <summary>The activity source's name.</summary>
    public const string ActivitySourceName = "SingleWindowBridge.Sdk";

    /// <summary>The meter's name.</summary>
    public const string MeterName = "SingleWindowBridge.Sdk";

    private static readonly ActivitySource Source = new(ActivitySourceName);
    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "rpc.client.duration", "ms", "How long calls took, over all attempts.");

    internal static CallScope Start(Rpc rpc, ServerName? server, TimeProvider time) => new(rpc, server, time);

    private static Activity? StartActivity(Rpc rpc, ServerName? server)
    {
        // Without this, the name would be made for nobody in every call.
        if (!Source.HasListeners())
            return null;

        var activity = Source.StartActivity($"{rpc.Service}/{rpc.Method}", ActivityKind.Client);
        activity?.SetTag("rpc.system", "grpc");
        activity?.SetTag("rpc.service", rpc.Service);
        activity?.SetTag("rpc.method", rpc.Method);
        if (server is not null)
        {
            activity?.SetTag("server.address", server.Address);
            activity?.SetTag("server.port", server.Port);
        }

        return activity;
    }

    private static void Record(Rpc rpc, ServerName? server, RpcStatusCode status, TimeSpan elapsed)
    {
        if (Duration.Enabled)
            Duration.Record(elapsed.TotalMilliseconds, Tags(rpc, server, status));
    }

    private static TagList Tags(Rpc rpc, ServerName? server, RpcStatusCode status)
    {
        var tags = new TagList
        {
            { "rpc.system", "grpc" },
            { "rpc.service", rpc.Service },
            { "rpc.method", rpc.Method },
            { "rpc.grpc.status_code", (int)status },
        };
        if (server is not null)
        {
            tags.Add("server.address", server.Address);
            tags.Add("server.port", server.Port);
        }

        return tags;
    }

    /// <summary>One call under way. A structure, for every call has one: let it be a local variable that is never copied.</summary>
    internal struct CallScope : IDisposable
    {
        private readonly Rpc _rpc;
        private readonly ServerName? _server;
        private readonly TimeProvider _time;
        private readonly long _start;
        private readonly Activity? _activity;
        private RpcStatusCode _status = RpcStatusCode.Cancelled;

        public CallScope(Rpc rpc, ServerName? server, TimeProvider time)
        {
            _rpc = rpc;
            _server = server;
            _time = time;
            _start = time.GetTimestamp();
            _activity = StartActivity(rpc, server);
        }

        public void Succeed(int attempts, Guid? requestId)
        {
            _status = RpcStatusCode.Ok;
            Tag(attempts, requestId);
        }

        public void Fail(SingleWindowException exception)
        {
            _status = exception.StatusCode;
            Tag(exception.Attempts, exception.RequestId);
            _activity?.SetTag("error.type", exception.ReasonCode ?? exception.StatusCode.ToString());
            _activity?.SetStatus(ActivityStatusCode.Error, exception.MessageEn);
        }

        public void Dispose()
        {
            _activity?.SetTag("rpc.grpc.status_code", (int)_status);
            _activity?.Dispose();
            Record(_rpc, _server, _status, _time.GetElapsedTime(_start));
        }

        private void Tag(int attempts, Guid? requestId)
        {
            _activity?.SetTag("singlewindow.attempts", attempts);
            if (requestId is not null)
                _activity?.SetTag("singlewindow.request_id", requestId.ToString());
        }
    }
}

/// <summary>A server's name and port as telemetry tells them; the port is kept as it goes into every tag.</summary>
internal sealed class ServerName(Uri endpoint)
{
    public string Address { get; } = endpoint.DnsSafeHost;

    public object Port { get; } = endpoint.Port;
}
