using System.Collections.Concurrent;
using System.Diagnostics;
using SingleWindowBridge.Faults.Processes;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Restart;

/// <summary>
/// Two servers of one database, restarted in turn by SIGTERM while clients file and follow by the SDK with its usual settings. The next is
/// restarted as soon as the one before answers.
/// </summary>
public sealed class RollingRestartTests(ITestOutputHelper output) : IDisposable
{
    private const int Writers = 4;
    private const int Followers = 3;

    private readonly string folder = Directory.CreateTempSubdirectory("swb-restart-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Clients_see_no_error_while_the_servers_are_restarted_one_after_the_other()
    {
        await using var cluster = await Cluster.StartAsync();
        var database = cluster.Settings(await cluster.CreateAsync());
        using var one = new RestartedServer(folder, database);
        using var two = new RestartedServer(folder, database);
        await one.StartAsync();
        await two.StartAsync();

        await using var client = new SingleWindowClient(new SingleWindowClientOptions(one.Endpoint, RestartedServer.Key)
        {
            MoreEndpoints = [new Uri(two.Endpoint)],
            Deadline = TimeSpan.FromMinutes(2),
        });
        var file = (await client.Files.UploadAsync(new MemoryStream(SampleFiles.Pdf), "letter.pdf")).Id;
        var isDone = false;
        var filed = new ConcurrentBag<string>();
        var uploaded = new ConcurrentBag<StoredFile>();
        var writers = Enumerable.Range(0, Writers).Select(_ => FileAsync(client, file, filed, () => isDone))
            .Append(UploadAsync(client, uploaded, () => isDone)).ToList();
        var followed = Enumerable.Range(0, Followers).Select(_ => new Followed()).ToList();
        using var end = new CancellationTokenSource();
        var followers = followed.Select(each => each.RunAsync(client, end.Token)).ToList();

        var restarts = Tally.Count(2);
        for (var count = 0; count < restarts; count++)
        {
            var (before, server) = (filed.Count, count % 2 == 0 ? one : two);
            var took = await server.RestartAsync();
            Assert.True(took < TimeSpan.FromSeconds(10), $"A server took {took} to end");

            // Whoever failed has said so by now; else all go on.
            while (filed.Count < before + 50 && !writers.Concat(followers).Any(each => each.IsCompleted))
                await Task.Delay(20);
            output.WriteLine($"restart {count + 1}: it ended after {took.TotalSeconds:F1} s; {filed.Count} filed");
            foreach (var ended in writers.Concat(followers).Where(each => each.IsCompleted))
                await ended;
        }

        isDone = true;
        await Task.WhenAll(writers);
        var numbers = await client.Receipts.ListAsync().Select(receipt => receipt.Number).ToListAsync();
        foreach (var each in followed)
            await each.UntilAsync(numbers[^1]);
        await end.CancelAsync();
        await Task.WhenAll(followers);

        foreach (var each in uploaded)
            Assert.Equal(each, await client.Files.DownloadAsync(each.Id, Stream.Null));
        var cases = await client.Cases.ListAsync().Select(each => each.Id).ToListAsync();
        output.WriteLine($"{filed.Count} filed, {uploaded.Count} files uploaded, {numbers[^1]} receipts, {followed.Sum(each => each.Cuts)} times a follower took its stream up again");
        Assert.True(followed.Sum(each => each.Cuts) >= restarts, "The restarts were not felt");
        new Tally(
            filed.Except(cases).Count() + followed.Sum(each => each.Missed),
            cases.Count - filed.Count + followed.Sum(each => each.Doubled),
            followed.Sum(each => each.Reordered),
            filed.Count).Settle();
    }

    // One call at a time, of which not one may fail.
    private static async Task FileAsync(SingleWindowClient client, string file, ConcurrentBag<string> filed, Func<bool> isDone)
    {
        while (!isDone())
        {
            var change = await client.Applications.SubmitAsync(new Application
            {
                Category = "FROZEN_FRUIT",
                Products = ["FROZEN_FRUIT_ALL"],
                Contact = new Contact
                {
                    Department = "Food Safety Division", Name = "Jan Jansen", Position = "Director",
                    Phone = new PhoneNumber("297", "1234567", "58"), Email = "jan.jansen@food.example.aw",
                },
                Summary = "冷冻蓝莓 frozen blueberries",
                FileIds = [file],
            });
            filed.Add(change.Case.Id);
            await client.Cases.GetAsync(change.Case.Id);
        }
    }

    // More than a stream may send unasked, so that every upload waits for the server on its way.
    private static async Task UploadAsync(SingleWindowClient client, ConcurrentBag<StoredFile> uploaded, Func<bool> isDone)
    {
        var content = SampleFiles.PdfOf(2_000_000);
        while (!isDone())
            uploaded.Add((await client.Files.UploadAsync(new MemoryStream(content), "scan.pdf")).File);
    }

    private sealed class Followed
    {
        private long last;

        public long Missed { get; private set; }

        public long Doubled { get; private set; }

        public long Reordered { get; private set; }

        public int Cuts { get; private set; }

        public async Task RunAsync(SingleWindowClient client, CancellationToken end)
        {
            try
            {
                await foreach (var message in client.Receipts.WatchAsync(ReceiptPosition.Beginning, cancellationToken: end))
                {
                    if (message is ReceiptMessage.Reconnecting)
                        Cuts++;
                    if (message is ReceiptMessage.Receipt { Value.Number: var number })
                        Take(number);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // It has seen all.
            }
        }

        public async Task UntilAsync(long number)
        {
            var patience = Stopwatch.StartNew();
            while (Interlocked.Read(ref last) < number)
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), $"A follower stands at {last} of {number}");
                await Task.Delay(20);
            }
        }

        private void Take(long number)
        {
            Missed += Math.Max(number - last - 1, 0);
            Doubled += number == last ? 1 : 0;
            Reordered += number < last ? 1 : 0;
            Interlocked.Exchange(ref last, Math.Max(last, number));
        }
    }
}
