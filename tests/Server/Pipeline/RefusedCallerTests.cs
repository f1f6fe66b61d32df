using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Pipeline;

/// <summary>What is kept of calls that were refused because of who calls.</summary>
public sealed class RefusedCallerTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    public Task InitializeAsync()
    {
        server.Settings["Logging:LogLevel:Default"] = "Trace";
        return server.InitializeAsync();
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Calls_without_a_good_credential_and_calls_of_the_wrong_role_are_counted_and_others_are_not()
    {
        var meter = server.Services.GetRequiredService<IMeterFactory>().Create(RefusedCallers.MeterName);
        var seen = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Meter == meter)
                    it.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => seen.AddOrUpdate((string)tags[0].Value!, value, (_, sum) => sum + value));
        listener.Start();

        await server.First.Cases.ListCasesAsync(new());
        await Refusal.OfAsync(server.First.Cases.GetCaseAsync(new() { CaseId = "none" }));
        await Refusal.OfAsync(server.Caller("nobodys-key").Cases.ListCasesAsync(new()));
        using var follow = server.Caller("nobodys-key").Receipts.WatchReceipts(new());
        await Assert.ThrowsAsync<RpcException>(() => follow.ResponseStream.MoveNext(CancellationToken.None));
        await Refusal.OfAsync(server.First.CustomsMessages.ListCustomsMessagesAsync(new()));

        // The answer may be there before the count.
        await Wait.ForAsync(
            () => Task.FromResult((seen.GetValueOrDefault("UNAUTHENTICATED"), seen.GetValueOrDefault("PERMISSION_DENIED"))), counts => counts == (2, 1));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task The_log_tells_which_call_of_whom_was_refused_and_never_a_key()
    {
        var log = new Log();
        server.Output = log;
        var live = server.Caller("first-authority-key");
        const string Logged = "logged";
        await server.Operator.Accounts.CreateAccountAsync(new CreateAccountRequest
        {
            RequestId = Authority.NewId(),
            Account = new() { AccountId = Logged, Role = AccountRole.Authority, Country = "NZ", Name = new() { Zh = "新", En = "New" }, CategoryScope = { "MEAT" } },
        });
        var made = await server.Operator.Accounts.CreateKeyAsync(new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = Logged });
        string[] keys =
        [
            "first-authority-key", "operator-alice-of-the-tests", made.Secret, made.Secret[..^1], "a-key-of-nobody-at-all",
            Server.Accounts.ApiKey.New(sandbox: true), Server.Accounts.ApiKey.New(sandbox: false),
        ];
        foreach (var key in keys)
        {
            foreach (var call in new Func<Authority, Task>[]
            {
                async caller => await caller.Cases.ListCasesAsync(new()),
                async caller => await caller.HeldAsync(),
                async caller => await caller.GetAsync("none"),
                async caller => await caller.UploadAsync(),
            })
            {
                await EndedAsync(() => call(server.Caller(key)));
            }
        }

        // What is logged when the database is away, and when a stream ends with its key.
        using var follow = server.Caller(made.Secret).Receipts.WatchReceipts(new() { OnlyNew = true });
        await follow.ResponseStream.MoveNext(CancellationToken.None);
        await server.Operator.Accounts.RevokeKeyAsync(
            new RevokeKeyRequest { RequestId = Authority.NewId(), AccountId = Logged, KeyId = made.Key.KeyId });
        await EndedAsync(() => follow.ResponseStream.MoveNext(CancellationToken.None));
        server.Database.Hide();
        await EndedAsync(async () => await live.Cases.ListCasesAsync(new()));
        server.Database.Show();

        await Wait.ForAsync(
            () => Task.FromResult(log.Lines.ToArray()),
            lines => Told(lines, "CaseService/ListCases", "UNAUTHENTICATED") && Told(lines, "CustomsMessageService/ListCustomsMessages", "PERMISSION_DENIED"));
        Assert.Contains(log.Lines, line => line.Contains("Open streams end", StringComparison.Ordinal));
        foreach (var key in keys)
            Assert.DoesNotContain(log.Lines, line => line.Contains(key, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(log.Lines, line => line.Contains("Bearer", StringComparison.OrdinalIgnoreCase));

        static bool Told(string[] lines, string call, string status) => lines.Any(line =>
            line.Contains($"{call} from 127.0.0.1 was refused: {status}", StringComparison.Ordinal));
    }

    private static async Task EndedAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException)
        {
            // Whether it is refused is tried elsewhere.
        }
    }

    private sealed class Log : ITestOutputHelper
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public void WriteLine(string message) => Lines.Enqueue(message);

        public void WriteLine(string format, params object[] args) =>
            WriteLine(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));
    }
}
