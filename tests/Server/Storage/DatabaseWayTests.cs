using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace SingleWindowBridge.Server.Tests.Storage;

/// <summary>What goes to a PostgreSQL on another machine goes by TLS, and to that machine.</summary>
public sealed class DatabaseWayTests
{
    [Theory]
    [InlineData("Host=db")]
    [InlineData("Host=db;SSL Mode=Prefer")]
    [InlineData("Host=db;SSL Mode=Require")]
    [InlineData("Host=db;SSL Mode=Disable")]
    [InlineData("Host=localhost,10.1.2.3:5433")]
    [InlineData("Host=localhost.example")]
    [InlineData("Host=fd00::1")]
    public void Another_machine_is_refused_without_TLS_that_proves_who_it_is(string way)
    {
        foreach (var name in new[] { "Bridge", "BridgeOwner", "BridgeListen" })
        {
            var failure = Assert.Throws<InvalidOperationException>(() => Open(("Bridge", "Host=127.0.0.1"), (name, way)));
            Assert.StartsWith($"ConnectionStrings:{name} goes to ", failure.Message, StringComparison.Ordinal);
            Assert.Contains("SSL Mode=VerifyFull", failure.Message, StringComparison.Ordinal);
            Assert.Contains("Bridge:AllowUnsafeDatabase", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Host=db;SSL Mode=VerifyFull", false)]
    [InlineData("Host=db;SSL Mode=VerifyCA", false)]
    [InlineData("Host=localhost", false)]
    [InlineData("Host=127.0.0.1:5433,127.0.0.2", false)]
    [InlineData("Host=::1", false)]
    [InlineData("Host=[::1]:5433", false)]
    [InlineData("Host=/var/run/postgresql", false)]
    [InlineData("Host=db", true)]
    public async Task A_way_that_is_safe_or_that_the_settings_allow_is_taken(string way, bool allowed)
    {
        var database = Open(("Bridge", way), ("Bridge:AllowUnsafeDatabase", allowed ? "true" : null));
        await ((IAsyncDisposable)database).DisposeAsync();
    }

    private static Server.Storage.IBridgeDatabase Open(params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (name, value) in settings)
            configuration[name.Contains(':', StringComparison.Ordinal) ? name : $"ConnectionStrings:{name}"] = value;
        return Composition.OpenDatabase(configuration, NullLoggerFactory.Instance);
    }
}
