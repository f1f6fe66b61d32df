using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Sandbox;
using Scenario = SingleWindow.Sandbox.V1.Scenario;

namespace SingleWindowBridge.Server.Sandbox;

public sealed partial class SandboxEndpoints
{
    /// <inheritdoc/>
    public override Task<ListScenariosResponse> ListScenarios(ListScenariosRequest request, ServerCallContext context) =>
        Task.FromResult(new ListScenariosResponse
        {
            Scenarios =
            {
                Scenarios.All.Select(scenario => new Scenario
                {
                    Name = scenario.Name,
                    Description = new LocalizedText { Zh = scenario.DescriptionZh, En = scenario.DescriptionEn },
                }),
            },
        });
}
