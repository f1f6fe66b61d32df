using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SingleWindowBridge.Testing.Tests.Guides;

public sealed class Receipts : Guide
{
    protected override SandboxServerOptions Options => new() { Cases = [new SeedCase(Stage.Questionnaire)] };

    [Fact(Timeout = 120_000)]
    public async Task Receipts_are_watched()
    {
        var client = Server.Client;
        var cancellationToken = new CancellationTokenSource(Patience).Token;
        var seen = 0;

        #region watch
        await foreach (var message in client.Receipts.WatchAsync(ReceiptPosition.Beginning, cancellationToken: cancellationToken))
        {
            switch (message)
            {
                case ReceiptMessage.Receipt { Value: var receipt }:
                    Console.WriteLine($"{receipt.Number} {receipt.CaseNumber} {receipt.Event} {receipt.Stage} {receipt.Status}");
                    seen++;
                    break;
                case ReceiptMessage.CaughtUp:
                    Console.WriteLine("What follows is live.");
                    break;
                case ReceiptMessage.Reconnecting cut:
                    Console.WriteLine($"{cut.Reason} Again in {cut.Delay}.");
                    break;
            }

            if (seen > 3)
                break; // A real program goes on until it is stopped.
        }
        #endregion

        Assert.Equal(4, seen);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_named_consumer_goes_on_where_it_was()
    {
        var client = Server.Client;
        var handled = new List<long>();

        async Task HandleAsync(Receipt receipt)
        {
            handled.Add(receipt.Number);
            await Task.Yield();
        }

        for (var run = 0; run < 2; run++)
        {
            var before = handled.Count;

            #region consumer
            await foreach (var message in client.Receipts.WatchAsync("ledger"))
            {
                if (message is ReceiptMessage.Receipt { Value: var receipt })
                    await HandleAsync(receipt);
                if (message is ReceiptMessage.CaughtUp || handled.Count == before + 2)
                    break;
            }
            #endregion
        }

        #region consumers
        foreach (var consumer in await client.Receipts.Consumers.ListAsync())
            Console.WriteLine($"{consumer.Name}: {consumer.Number}, {consumer.Behind} behind");

        // Have everything handled again.
        await client.Receipts.Consumers.CommitAsync("ledger", ReceiptPosition.Beginning, allowBack: true);
        #endregion

        // The second was handled, and the loop left before it was committed: at least once.
        Assert.Equal([1L, 2, 2, 3], handled);
        Assert.Equal(0, (await client.Receipts.Consumers.GetAsync("ledger")).Number);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_writes_to_a_database_of_its_own()
    {
        var (endpoint, key) = (Server.Endpoint.ToString(), Server.Key);
        var database = $"Data Source={Path.Combine(Server.Folder, "ledger.db")};Pooling=False";
        var head = (await Server.Client.Receipts.ListPageAsync(pageSize: 1)).HeadNumber;
        await using (var connection = new SqliteConnection(database))
        {
            await connection.ExecuteAsync(
                "CREATE TABLE ledger (receipt BIGINT PRIMARY KEY, words TEXT); CREATE TABLE place (one INTEGER PRIMARY KEY, cursor TEXT)");
        }

        #region worker
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleWindow(options =>
        {
            options.Endpoint = new Uri(endpoint);
            options.ApiKey = key;
        });
        builder.Services.AddSingleton(new Ledger(database));
        builder.Services.AddReceiptWorker<LedgerClerk>(options => options.Checkpoint = services => services.GetRequiredService<Ledger>());
        using var host = builder.Build();
        await host.StartAsync();
        #endregion

        await using var reader = new SqliteConnection(database);
        while (await reader.QuerySingleAsync<long>("SELECT COUNT(*) FROM ledger") < head)
            await Task.Delay(20);
        await host.StopAsync();
        Assert.Equal(head, await reader.QuerySingleAsync<long>("SELECT MAX(receipt) FROM ledger"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_whose_place_the_bridge_keeps_needs_no_database()
    {
        var services = new ServiceCollection().AddSingleton<ISingleWindowClient>(Server.Client).AddSingleton(new Ledger(""));

        #region worker-consumer
        services.AddReceiptWorker<ConsoleClerk>(options => options.Consumer = "console");
        #endregion

        await using var provider = services.BuildServiceProvider();
        var worker = provider.GetRequiredService<IHostedService>();
        await worker.StartAsync(CancellationToken.None);
        var head = (await Server.Client.Receipts.ListPageAsync(pageSize: 1)).HeadNumber;
        while ((await Server.Client.Receipts.Consumers.ListAsync()).All(it => it.Number < head))
            await Task.Delay(20);
        await worker.StopAsync(CancellationToken.None);
    }

    private sealed class ConsoleClerk : IReceiptHandler
    {
        public ValueTask HandleAsync(Receipt receipt, CancellationToken cancellationToken)
        {
            Console.WriteLine(receipt.Number);
            return ValueTask.CompletedTask;
        }
    }

    #region ledger
    /// <summary>Our own database: what the receipts say, and the place after the last one.</summary>
    private sealed class Ledger(string connectionString) : IReceiptCheckpoint
    {
        private const string KeepPlace =
            "INSERT INTO place (one, cursor) VALUES (1, @cursor) ON CONFLICT (one) DO UPDATE SET cursor = excluded.cursor";

        public async ValueTask<string?> LoadAsync(CancellationToken cancellationToken)
        {
            await using var connection = new SqliteConnection(connectionString);
            return await connection.QuerySingleOrDefaultAsync<string>("SELECT cursor FROM place");
        }

        public async ValueTask SaveAsync(string cursor, CancellationToken cancellationToken)
        {
            await using var connection = new SqliteConnection(connectionString);
            await connection.ExecuteAsync(KeepPlace, new { cursor });
        }

        // The receipt and the place after it, both or neither: exactly once.
        public async Task KeepAsync(Receipt receipt, CancellationToken cancellationToken)
        {
            await using var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var words = $"{receipt.CaseNumber}: {receipt.Stage.Name().Zh} {receipt.Status.Name().Zh}";
            await connection.ExecuteAsync("INSERT INTO ledger (receipt, words) VALUES (@Number, @words)", new { receipt.Number, words }, transaction);
            await connection.ExecuteAsync(KeepPlace, new { cursor = receipt.Cursor }, transaction);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private sealed class LedgerClerk(Ledger ledger) : IReceiptHandler
    {
        public async ValueTask HandleAsync(Receipt receipt, CancellationToken cancellationToken) =>
            await ledger.KeepAsync(receipt, cancellationToken);
    }
    #endregion
}
