namespace SingleWindowBridge.Testing.Tests;

/// <summary>The sandbox server that tests start.</summary>
public sealed class SandboxServerTests
{
    private static readonly Stage[] Seeded = [.. Enum.GetValues<Stage>().Where(stage => stage is not (Stage.Unknown or Stage.Reception))];

    [Fact(Timeout = 120_000)]
    public async Task A_server_has_the_cases_that_were_asked_for()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxServerOptions
        {
            Cases = [.. Seeded.Select(stage => new SeedCase(stage))],
        });
        Assert.Equal(Seeded, server.Cases.Select(it => it.Stage));
        foreach (var seeded in server.Cases)
        {
            var now = (await server.Client.Cases.GetAsync(seeded.Id)).Case;
            Assert.Equal((seeded.Stage, seeded.Status), (now.Stage, now.Status));
            Assert.Equal(Expected(seeded.Stage), now.Status);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Servers_in_one_process_know_nothing_of_each_other()
    {
        await using var one = await SandboxServer.StartAsync(new SandboxServerOptions { Cases = [new SeedCase(Stage.Application)] });
        await using var other = await SandboxServer.StartAsync();
        Assert.NotEqual(one.Endpoint, other.Endpoint);
        Assert.Single(await one.Client.Cases.ListAsync().ToListAsync());
        Assert.Empty(await other.Client.Cases.ListAsync().ToListAsync());
    }

    [Fact(Timeout = 120_000)]
    public async Task Accounts_are_told_apart_by_their_keys()
    {
        var second = new SandboxServerAccount("sandbox-nz", "key-of-the-second", "NZ", ["MEAT"])
        {
            Name = new LocalizedText("新西兰主管当局", "Authority of New Zealand"),
        };
        await using var server = await SandboxServer.StartAsync(new SandboxServerOptions
        {
            Accounts = [SandboxServerAccount.Aruba, second], Cases = [new SeedCase(Stage.Application)],
        });
        var caller = server.Connect(second.Key);
        Assert.Equal((second.Id, second.Name), (await caller.Catalogue.GetAuthorityAsync() is { } it ? (it.Id, it.Name) : default));
        Assert.Empty(await caller.Cases.ListAsync().ToListAsync());
        Assert.Equal(SandboxServerAccount.Aruba.Id, (await server.Client.Catalogue.GetAuthorityAsync()).Id);
    }

    [Fact(Timeout = 120_000)]
    public async Task With_a_stopped_clock_Customs_waits_for_it_to_be_advanced()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxServerOptions
        {
            ClockStopped = true, ActDelay = TimeSpan.FromDays(3), Cases = [new SeedCase(Stage.Application) { Scenario = "straight_through" }],
        });
        var handle = server.Client.Case(server.Cases[0].Id);
        await handle.SubmitApplicationAsync();
        await handle.WaitForAsync(it => it.Status == Status.Sent);
        Assert.True((await server.Client.Sandbox.GetClockAsync()).Stopped);
        await server.Client.Sandbox.AdvanceClockAsync(TimeSpan.FromDays(3));
        Assert.Equal(Status.Received, (await handle.WaitForAsync(it => it.Status != Status.Sent)).Status);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_restart_keeps_port_and_cases_and_a_watch_goes_on_over_it()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxServerOptions { Cases = [new SeedCase(Stage.Questionnaire)] });
        var (endpoint, numbers, cut) = (server.Endpoint, new List<long>(), false);
        var letter = (await server.Client.Case(server.Cases[0].Id).GetApplicationAsync()).Files[0];
        var options = new WatchOptions { InitialBackoff = TimeSpan.FromMilliseconds(10) };
        var head = (await server.Client.Receipts.ListPageAsync(pageSize: 1)).HeadNumber;
        await foreach (var message in server.Client.Receipts.WatchAsync(ReceiptPosition.Beginning, options))
        {
            if (message is ReceiptMessage.Receipt { Value: var receipt })
                numbers.Add(receipt.Number);
            cut |= message is ReceiptMessage.Reconnecting;
            if (message is ReceiptMessage.CaughtUp && !cut)
            {
                await server.RestartAsync();
                await server.Client.Case(server.Cases[0].Id).SubmitAnswersAsync(
                    [Answer.OfText("supplementary_material", "见附件", letter.Id)]);
            }

            if (numbers.Count > head)
                break;
        }

        Assert.True(cut);
        Assert.Equal(endpoint, server.Endpoint);
        Assert.Equal(Enumerable.Range(1, (int)head + 1).Select(number => (long)number), numbers);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_be_is_named_before_anything_starts()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => SandboxServer.StartAsync(new SandboxServerOptions { Accounts = [] }));
        var scenario = await Assert.ThrowsAsync<ArgumentException>(
            () => SandboxServer.StartAsync(new SandboxServerOptions { Scenario = "straight" }));
        Assert.Contains("straight", scenario.Message, StringComparison.Ordinal);
        var category = await Assert.ThrowsAsync<InvalidOperationException>(() => SandboxServer.StartAsync(new SandboxServerOptions
        {
            Accounts = [new SandboxServerAccount("one", "key-of-one", "AW", ["MOON"])],
        }));
        Assert.Contains("MOON", category.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_leaves_nothing_behind()
    {
        var server = await SandboxServer.StartAsync();
        Assert.True(File.Exists(Path.Combine(server.Folder, "bridge.db")));
        await server.DisposeAsync();
        Assert.False(Directory.Exists(server.Folder));
    }

    private static Status Expected(Stage stage) => stage switch
    {
        Stage.Application => Status.Draft,
        Stage.Questionnaire or Stage.Assessment or Stage.ProtocolNegotiation or Stage.CertificateNegotiation => Status.Pending,
        _ => Status.Approved,
    };
}
