using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>The sample worker is killed again and again while receipts come. BRIDGE_WORKER_KILLS says how often; 8 if unset.</summary>
public sealed class KilledWorkerTests : IDisposable
{
    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("BRIDGE_WORKER_KILLS") ?? "8", CultureInfo.InvariantCulture);

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Every_receipt_is_handled_exactly_once()
    {
        var random = new Random(8);
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        using var enough = new CancellationTokenSource();
        var filing = FileCasesAsync(server.Client, enough.Token);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var worker = Start(server);
            var after = random.Next(1, 12);
            for (var lines = 0; lines < after && await worker.Lines.WaitToReadAsync(); lines++)
                await worker.Lines.ReadAsync();
            await Task.Delay(random.Next(0, 30));
            Assert.False(worker.HasExited, worker.Errors);
            worker.Kill();
        }

        await enough.CancelAsync();
        await filing;
        using var last = Start(server);
        var head = await QuietAsync(server.Client, last);
        using var book = new SqliteConnection($"Data Source={Path.Combine(_workspace.Folder, "casebook.db")}");
        var handled = (await book.QueryAsync<long>("SELECT receipt FROM events ORDER BY rowid")).AsList();
        Assert.Equal(CaseChecks.UpTo(handled.Count), handled);
        Assert.True(handled.Count >= head, $"{handled.Count} receipts of {head} were handled");
        Assert.True(handled.Count > Kills, $"Only {handled.Count} receipts came in all");
    }

    private DotnetProcess Start(BridgeServer server) => new(
        Built.ReceiptWorker, _workspace.Folder, "--endpoint", server.Endpoint, "--key", BridgeServer.Key, "--database", "casebook.db");

    // Receipts come without end, a few with each case, so that a kill finds one under way.
    private static async Task FileCasesAsync(SingleWindowClient client, CancellationToken enough)
    {
        var letter = await client.Files.UploadAsync(Path.Combine(Built.Inputs, "files", "aquatic-application.pdf"), cancellationToken: CancellationToken.None);
        while (!enough.IsCancellationRequested)
        {
            await client.Applications.SubmitAsync(new Application
            {
                Category = "AQUATIC",
                Products = ["AQUATIC_WILD"],
                Contact = new Contact
                {
                    Department = "Fisheries", Name = "A. Croes", Position = "Head of exports", Email = "a.croes@authority.example",
                    Phone = new PhoneNumber("297", "5820000"),
                },
                Summary = "冻金枪鱼 frozen yellowfin tuna, Thunnus albacares",
                FileIds = [letter.Id],
            }, cancellationToken: CancellationToken.None);
            await Task.Delay(100, CancellationToken.None);
        }
    }

    // When nothing has come for a while and the worker has written all there is, it is at the end.
    private async Task<long> QuietAsync(SingleWindowClient client, DotnetProcess worker)
    {
        using var book = new SqliteConnection($"Data Source={Path.Combine(_workspace.Folder, "casebook.db")};Pooling=False");
        var until = DateTime.UtcNow.AddSeconds(150);
        var said = new StringBuilder();
        long before = -1;
        while (DateTime.UtcNow < until)
        {
            var head = (await client.Receipts.ListPageAsync(pageSize: 1)).HeadNumber;
            var kept = await book.QuerySingleAsync<long>("SELECT COALESCE(MAX(receipt), 0) FROM events");
            if (head == before && kept == head)
                return head;
            before = head;
            await Task.Delay(1000);
        }

        while (worker.Lines.TryRead(out var line))
            said.AppendLine(line);
        throw new TimeoutException($"The worker did not catch up with {before}: {said}{worker.Errors}");
    }
}
