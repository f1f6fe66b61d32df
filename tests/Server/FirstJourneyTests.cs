using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests;

public sealed class FirstJourneyTests : IClassFixture<BridgeServer>
{
    private readonly BridgeServer server;

    public FirstJourneyTests(BridgeServer server, ITestOutputHelper output)
    {
        this.server = server;
        server.Output = output;
    }

    [Fact]
    public async Task An_application_reaches_the_questionnaire()
    {
        var submitted = await server.First.ApplyAsync();
        Assert.Equal((Stage.Application, Status.Declared), (submitted.Stage, submitted.Status));
        await server.First.UntilAsync(submitted.CaseId, Stage.Questionnaire, Status.Pending);
    }
}
