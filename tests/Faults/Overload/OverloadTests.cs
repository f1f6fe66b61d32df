using System.Collections.Concurrent;
using SingleWindowBridge.Faults.Restart;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Overload;

/// <summary>
/// More than the server can do, from many accounts of which none takes more than its share: whoever is refused is told when to come again,
/// and what it asked had no effect. The long form, with rates and times, is a bench: bench/run.sh overload.
/// </summary>
public sealed class OverloadTests(ITestOutputHelper output) : IDisposable
{
    private const int Accounts = 6;
    private const int CallsEach = 40;

    private readonly string folder = Directory.CreateTempSubdirectory("swb-overload-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Whoever_is_refused_is_told_when_to_come_again_and_comes_through_and_nothing_is_lost_or_doubled()
    {
        var database = new TestDatabase(folder);
        await database.MakeAsync();
        using var server = new RestartedServer(folder, database.Settings, ["--Limits:ServerCalls=8", .. Enumerable.Range(1, Accounts).SelectMany(Account)]);
        await server.StartAsync();
        var once = Enumerable.Range(1, Accounts).Select(each => Client(server, each, attempts: 1)).ToList();
        var usual = Enumerable.Range(1, Accounts).Select(each => Client(server, each, attempts: 20)).ToList();
        var made = new ConcurrentBag<string>();
        var refusals = new ConcurrentBag<SingleWindowException>();

        // Nothing can be committed, so all turns are taken and stay so.
        Task calls;
        using (database.LockWrites())
        {
            calls = Task.WhenAll(once.SelectMany(client => Enumerable.Range(0, CallsEach).Select(_ => SaveAsync(client, made, refusals))));
            while (refusals.Count < Accounts * CallsEach / 2)
                await Task.Delay(5);
            Assert.Empty(made);
        }

        await calls;
        Assert.All(refusals, refusal => Assert.Contains(refusal.Reason, new[] { ErrorReason.ServerBusy, ErrorReason.StoreUnavailable }));
        Assert.Contains(refusals, refusal => refusal.Reason == ErrorReason.ServerBusy);
        Assert.All(refusals, refusal => Assert.Equal(RpcStatusCode.Unavailable, refusal.StatusCode));
        Assert.All(refusals, refusal => Assert.InRange(refusal.Error.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        var (taken, refused) = (made.Count, refusals.Count);

        // By the SDK as it comes, which heeds what it is told, the same flood comes through.
        await Task.WhenAll(usual.SelectMany(client => Enumerable.Range(0, CallsEach).Select(_ => SaveAsync(client, made, refusals))));
        Assert.Equal(refused, refusals.Count);

        var kept = new List<string>();
        foreach (var client in usual)
            kept.AddRange(await client.Cases.ListAsync().Select(each => each.Id).ToListAsync());
        output.WriteLine($"Of {Accounts * CallsEach} calls at once {taken} were taken and {refused} refused; again, with patience, all {made.Count - taken} were taken");
        foreach (var client in once.Concat(usual))
            client.Dispose();
        new Tally(made.Except(kept).Count(), kept.Except(made).Count() + kept.Count - kept.Distinct().Count(), 0, made.Count).Settle();
    }

    private static async Task SaveAsync(SingleWindowClient client, ConcurrentBag<string> made, ConcurrentBag<SingleWindowException> refusals)
    {
        try
        {
            made.Add((await client.Applications.SaveAsync(new Application())).Case.Id);
        }
        catch (SingleWindowException refused)
        {
            refusals.Add(refused);
        }
    }

    private static SingleWindowClient Client(RestartedServer server, int account, int attempts) =>
        new(new SingleWindowClientOptions(server.Endpoint, Key(account))
        {
            Deadline = TimeSpan.FromMinutes(2), Retry = new RetryOptions { MaxAttempts = attempts },
        });

    private static string Key(int account) => $"swb_sandbox_overload_{account}";

    private static string[] Account(int number) =>
    [
        $"--Sandbox:Accounts:{number}:Id=overload-{number}", $"--Sandbox:Accounts:{number}:Country=AW", $"--Sandbox:Accounts:{number}:NameZh=测试",
        $"--Sandbox:Accounts:{number}:NameEn=Overload", $"--Sandbox:Accounts:{number}:Key={Key(number)}", $"--Sandbox:Accounts:{number}:CategoryScope:0=AQUATIC",
    ];
}
