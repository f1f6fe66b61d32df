using System.Diagnostics;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>The same journeys over all three channels: the authority sees the same, whoever Customs is.</summary>
public sealed class JourneyTests
{
    public static TheoryData<string> Scenarios =>
    [
        "straight_through", "with_signatories", "application_correction", "application_not_accepted", "questionnaire_rejected",
        "correction_and_two_rectifications", "rectification_correction", "three_negotiation_rounds", "negotiation_rejected", "receive_failed",
    ];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_journey_is_the_same_over_every_channel(string scenario)
    {
        var sandbox = await OverSandboxAsync(scenario);
        Assert.Equal(sandbox, await OverDirectoryAsync(scenario));
        Assert.Equal(sandbox, await OverGrpcAsync(scenario));
    }

    private static async Task<string> OverSandboxAsync(string scenario)
    {
        var server = new BridgeServer();
        await using var _ = new Running(server);
        await server.InitializeAsync();
        await server.First.FollowAsync(scenario);
        return await CourseAsync(server, scenario);
    }

    private static async Task<string> OverDirectoryAsync(string scenario)
    {
        var folder = Directory.CreateTempSubdirectory("bridge-exchange-").FullName;
        try
        {
            var server = new BridgeServer();
            await using var _ = new Running(server);
            server.Settings["Exchange:Channel"] = "directory";
            server.Settings["Exchange:Directory:Folder"] = folder;
            server.Settings["Exchange:Directory:PollEvery"] = "00:00:00.050";
            await server.InitializeAsync();
            using var customs = Process.Start(new ProcessStartInfo("python3")
            {
                ArgumentList = { Script(), folder, "--scenario", scenario, "--poll", "0.02", "--double" },
                RedirectStandardError = true,
            })!;
            try
            {
                return await CourseAsync(server, scenario);
            }
            finally
            {
                customs.Kill();
                await customs.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> OverGrpcAsync(string scenario)
    {
        var server = new BridgeServer();
        await using var _ = new Running(server);
        server.Settings["Exchange:Channel"] = "grpc";
        server.Settings["Exchange:Grpc:Keys:far-end"] = GrpcFarEnd.Key;
        await server.InitializeAsync();
        await using var customs = new GrpcFarEnd(server.Address);
        customs.Follow(scenario);
        return await CourseAsync(server, scenario);
    }

    // The bridge's own word that it has sent may be overtaken by Customs'.
    private static async Task<string> CourseAsync(BridgeServer server, string scenario)
    {
        var office = new BackOffice(server);
        var last = await office.SeeThroughAsync(withSignatories: scenario == "with_signatories");
        Assert.Empty(await server.Operator.HeldAsync());
        // A draft may go with a round, or not; the signed protocol and the forms always come.
        Assert.All(
            office.Seen.Where(receipt => receipt.Event is CaseEvent.PublishProtocol or CaseEvent.ConfirmCertificate),
            receipt => Assert.NotEmpty(receipt.Files));
        return string.Join('\n',
        [
            .. office.Seen.Where(receipt => receipt.Event != CaseEvent.Sent)
                .Select(receipt => $"{receipt.Actor} {receipt.Event} {receipt.Stage} {receipt.Status}"),
            $"{office.Answers}: {last.Stage} {last.Status}",
        ]);
    }

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SingleWindowBridge.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "tests", "EndToEnd", "FarEnd", "far_end.py");
    }

    private sealed class Running(BridgeServer server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await server.DisposeAsync();
    }
}
