using System.Diagnostics.Metrics;
using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>
/// Counts and logs calls that were refused because of who calls: no good credential, or one that is not for the call. The meter is
/// "SingleWindowBridge.Callers". They are not in the audit: a stranger could fill it, and nobody may shorten it.
/// </summary>
public sealed class RefusedCallers
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SingleWindowBridge.Callers";

    // A flood is told by the count; the log is to stay readable.
    private const int MostLinesASecond = 10;

    private static readonly string Unauthenticated = ((int)StatusCode.Unauthenticated).ToString(CultureInfo.InvariantCulture);
    private static readonly string PermissionDenied = ((int)StatusCode.PermissionDenied).ToString(CultureInfo.InvariantCulture);

    private readonly Counter<long> refused;
    private readonly TimeProvider clock;
    private readonly ILogger<RefusedCallers> logger;
    private long second;
    private int lines;

    /// <summary>Makes the instrument.</summary>
    public RefusedCallers(IMeterFactory meters, TimeProvider clock, ILogger<RefusedCallers> logger)
    {
        refused = meters.Create(MeterName).CreateCounter<long>(
            "singlewindow.callers.refused", "{call}", "Calls that were refused because of who calls: UNAUTHENTICATED or PERMISSION_DENIED.");
        (this.clock, this.logger) = (clock, logger);
    }

    /// <summary>Looks at how a call has ended.</summary>
    public void See(HttpContext context)
    {
        var status = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers["grpc-status"].ToString();
        if (string.IsNullOrEmpty(status))
            status = context.Response.Headers["grpc-status"].ToString();
        if (status == Unauthenticated)
            Count(context, "UNAUTHENTICATED");
        else if (status == PermissionDenied)
            Count(context, "PERMISSION_DENIED");
    }

    private void Count(HttpContext context, string status)
    {
        refused.Add(1, new KeyValuePair<string, object?>("status", status));
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (Interlocked.Exchange(ref second, now) != now)
            Interlocked.Exchange(ref lines, 0);
        if (Interlocked.Increment(ref lines) > MostLinesASecond)
            return;

        // The endpoint's name is ours; the path is whatever was sent.
        logger.LogWarning(
            "A call of {Endpoint} from {Remote} was refused: {Status}", context.GetEndpoint()?.DisplayName ?? "nothing",
            context.Connection.RemoteIpAddress, status);
    }
}
