using Dapper;
using Microsoft.Data.Sqlite;
using SingleWindowBridge.Faults.Proxy;
using SingleWindowBridge.Faults.Restart;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// Files larger than a stream may send unasked, over connections that are cut at any byte: of the request, while it waits to send on,
/// and of the answer.
/// </summary>
public sealed class CutTransfers(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261207;
    private const int Files = 12;
    private const int Bytes = 300_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("swb-transfers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_comes_whole_and_once_whenever_its_connection_is_cut()
    {
        var database = Path.Combine(_folder, "bridge.db");
        using var server = new RestartedServer(_folder, new() { ["Bridge:Database"] = database }, "--Limits:AddressNewConnections=100000");
        await server.StartAsync();
        using var wire = new Wire(new Uri(server.Endpoint).Port, Seed, new WireFaults { MostBytes = 2_000_000 }) { Faithful = false };
        await using var client = new SingleWindowClient(new SingleWindowClientOptions($"http://127.0.0.1:{wire.Port}", RestartedServer.Key)
        {
            Retry = new RetryOptions { MaxAttempts = 3, InitialBackoff = TimeSpan.FromMilliseconds(10), MaxBackoff = TimeSpan.FromMilliseconds(20) },
        });

        var (uploads, downloads) = (0, 0);
        for (var number = 0; number < Files; number++)
        {
            var content = SampleFiles.PdfOf(Bytes + number);
            var options = new UploadOptions { RequestId = Guid.NewGuid() };
            var file = await AgainAsync(() => client.Files.UploadAsync(new MemoryStream(content), "scan.pdf", options), () => uploads++);
            await AgainAsync(() => client.Files.DownloadAsync(file.Id, Stream.Null), () => downloads++);
            await using var got = new MemoryStream();
            wire.Faithful = true;
            await client.Files.DownloadAsync(file.Id, got);
            wire.Faithful = false;
            Assert.Equal(content, got.ToArray());
        }

        output.WriteLine($"{wire.Cuts} connections cut; {uploads} uploads asked for again, {downloads} downloads");
        Assert.True(wire.Cuts > Files, "Hardly anything was cut");
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        Assert.Equal(Files, await connection.QuerySingleAsync<int>("SELECT COUNT(*) FROM files"));
    }

    // What is told of a cut is that it may be asked for again; nothing else is thrown.
    private static async Task<T> AgainAsync<T>(Func<Task<T>> ask, Action missed)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (SingleWindowException failure) when (failure.IsRetryable || failure.IsOutcomeUnknown)
            {
                missed();
            }
        }
    }
}
