using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SingleWindowBridge;

/// <summary>The names under which this library tells of its calls to OpenTelemetry: <c>AddSource</c> and
/// <c>AddMeter</c>.</summary>
/// <remarks>One activity and one measurement of <c>rpc.client.duration</c> (a histogram in seconds) for each call, over all its
/// attempts, tagged <c>rpc.system</c>, <c>rpc.service</c>, <c>rpc.method</c>, <c>rpc.grpc.status_code</c>; the activity also
/// with <c>singlewindow.attempts</c>, <c>singlewindow.request_id</c> and, where it failed, <c>error.type</c>.</remarks>
public static class SingleWindowTelemetry
{
    /// <summary>The activity source's name.</summary>
    public const string ActivitySourceName = "SingleWindowBridge.Sdk";

    /// <summary>The meter's name.</summary>
    public const string MeterName = "SingleWindowBridge.Sdk";

    private static readonly ActivitySource Source = new(ActivitySourceName);
    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "rpc.client.duration", "s", "How long calls took, over all attempts.");

    internal static CallScope Start(Rpc rpc, TimeProvider time) => new(rpc, time);

    /// <summary>One call under way.</summary>
    internal sealed class CallScope : IDisposable
    {
        private readonly Rpc _rpc;
        private readonly TimeProvider _time;
        private readonly long _start;
        private readonly Activity? _activity;
        private RpcStatusCode _status = RpcStatusCode.Cancelled;

        public CallScope(Rpc rpc, TimeProvider time)
        {
            _rpc = rpc;
            _time = time;
            _start = time.GetTimestamp();
            _activity = Source.StartActivity($"{rpc.Service}/{rpc.Method}", ActivityKind.Client);
            _activity?.SetTag("rpc.system", "grpc");
            _activity?.SetTag("rpc.service", rpc.Service);
            _activity?.SetTag("rpc.method", rpc.Method);
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
            if (!Duration.Enabled)
                return;
            Duration.Record(
                _time.GetElapsedTime(_start).TotalSeconds,
                new TagList
                {
                    { "rpc.system", "grpc" },
                    { "rpc.service", _rpc.Service },
                    { "rpc.method", _rpc.Method },
                    { "rpc.grpc.status_code", (int)_status },
                });
        }

        private void Tag(int attempts, Guid? requestId)
        {
            _activity?.SetTag("singlewindow.attempts", attempts);
            if (requestId is not null)
                _activity?.SetTag("singlewindow.request_id", requestId.ToString());
        }
    }
}
