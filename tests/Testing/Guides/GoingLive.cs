using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SingleWindowBridge.Testing.Tests.Guides;

public sealed class GoingLive : Guide
{
    [Fact(Timeout = 120_000)]
    public async Task A_client_is_set_up_for_production()
    {
        ILoggerFactory loggerFactory = NullLoggerFactory.Instance;
        var (bridge, secondBridge) = (Server.Endpoint, Server.Endpoint);
        var asked = 0;
        ValueTask<string> KeyFromTheVaultAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            return ValueTask.FromResult(Server.Key);
        }

        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=authority", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var services = new ServiceCollection();

        #region options
        services.AddSingleWindow(options =>
        {
            options.Endpoint = bridge;                        // https://... in production
            options.MoreEndpoints = [secondBridge];           // only where no load balancer stands before them
            options.ClientCertificates = [certificate];       // where the operator asks for mutual TLS
            options.ApiKeyProvider = KeyFromTheVaultAsync;    // asked before every attempt: a new key needs no restart
            options.Deadline = TimeSpan.FromSeconds(30);      // over all attempts of a call
            options.Retry = new RetryOptions { MaxAttempts = 5 };
            options.LoggerFactory = loggerFactory;
        });
        #endregion

        await using var provider = services.BuildServiceProvider();

        #region probe
        var client = provider.GetRequiredService<ISingleWindowClient>();
        var authority = await client.Catalogue.GetAuthorityAsync();
        if (authority.IsSandbox)
            Console.WriteLine("This key is of a sandbox account: nothing goes to China Customs.");
        #endregion

        Assert.True(authority.IsSandbox);
        Assert.True(asked > 0);
    }

    [Fact(Timeout = 120_000)]
    public async Task Calls_are_seen_by_OpenTelemetry()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();

        #region telemetry
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SingleWindowTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = call => seen.Enqueue($"{call.OperationName} {call.Duration} {call.GetTagItem("rpc.grpc.status_code")}"),
        };
        ActivitySource.AddActivityListener(listener);
        #endregion

        await Server.Client.Catalogue.GetAuthorityAsync();
        Assert.Contains(seen, call => call.StartsWith("singlewindow.bridge.v1.CatalogueService/GetAuthority", StringComparison.Ordinal));
    }
}
