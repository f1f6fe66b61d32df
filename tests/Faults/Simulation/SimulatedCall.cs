using Grpc.Core;
using Microsoft.AspNetCore.Http;
using SingleWindowBridge.Server.Accounts;

namespace SingleWindow.Tests.Simulation;

/// <summary>A call as an endpoint's handler sees it, of a caller who has been admitted.</summary>
internal sealed class SimulatedCall : ServerCallContext
{
    private readonly Dictionary<object, object> state = [];
    private readonly string method;

    public SimulatedCall(string method, Account account)
    {
        this.method = method;
        var http = new DefaultHttpContext();
        http.Features.Set(account);
        state["__HttpContext"] = http;
    }

    protected override string MethodCore => method;

    protected override string HostCore => "simulated";

    protected override string PeerCore => "simulated";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => CancellationToken.None;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override global::Grpc.Core.Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override IDictionary<object, object> UserStateCore => state;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
