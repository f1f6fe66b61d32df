using Google.Protobuf.WellKnownTypes;
using Wire = SingleWindow.Sandbox.V1;

namespace SingleWindowBridge.Testing;

/// <summary>The simulated Customs over the wire.</summary>
internal sealed class SandboxCalls(CallPipeline pipeline, ISingleWindowClient client) : ISandbox
{
    private readonly Wire.SandboxService.SandboxServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.SandboxService.Descriptor.FullName);

    public async Task<IReadOnlyList<Scenario>> ListScenariosAsync(CancellationToken cancellationToken = default)
    {
        var response = await _calls.ReadAsync(
            "ListScenarios", _stub.ListScenariosAsync, new Wire.ListScenariosRequest(), cancellationToken).ConfigureAwait(false);
        return response.Scenarios.MapAll(scenario => new Scenario(scenario.Name, scenario.Description.ToText()));
    }

    public async Task SetScenarioAsync(
        string scenario, string? caseId = null, TimeSpan? actDelay = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(scenario);
        var request = new Wire.SetScenarioRequest
        {
            Scenario = scenario,
            CaseId = caseId ?? "",
            ActDelay = actDelay is { } delay ? Duration.FromTimeSpan(delay) : null,
        };
        await _calls.ReadAsync("SetScenario", _stub.SetScenarioAsync, request, cancellationToken).ConfigureAwait(false);
    }

    public async Task<CaseChange> PerformAsync(
        string caseId, CustomsAct act, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        ArgumentNullException.ThrowIfNull(act);
        var changed = await _calls.ChangeAsync(
            "PerformAct",
            _stub.PerformActAsync,
            id => new Wire.PerformActRequest { RequestId = id, CaseId = caseId, Act = act.ToWire() },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client);
    }

    public async Task<CaseChange> StartReviewAsync(
        ReviewStart start, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        var changed = await _calls.ChangeAsync(
            "StartReview", _stub.StartReviewAsync, start.ToWire, options, cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client);
    }

    public async Task<SandboxClock> GetClockAsync(CancellationToken cancellationToken = default) => Clock((await _calls.ReadAsync(
        "GetClock", _stub.GetClockAsync, new Wire.GetClockRequest(), cancellationToken).ConfigureAwait(false)).Clock);

    public async Task<SandboxClock> StopClockAsync(CancellationToken cancellationToken = default) => Clock((await _calls.ReadAsync(
        "StopClock", _stub.StopClockAsync, new Wire.StopClockRequest(), cancellationToken).ConfigureAwait(false)).Clock);

    public async Task<SandboxClock> AdvanceClockAsync(
        TimeSpan by, ChangeOptions? options = null, CancellationToken cancellationToken = default) => Clock((await _calls.ChangeAsync(
        "AdvanceClock",
        _stub.AdvanceClockAsync,
        id => new Wire.AdvanceClockRequest { RequestId = id, By = Duration.FromTimeSpan(by) },
        options,
        cancellationToken).ConfigureAwait(false)).Response.Clock);

    public async Task<SandboxClock> StartClockAsync(CancellationToken cancellationToken = default) => Clock((await _calls.ReadAsync(
        "StartClock", _stub.StartClockAsync, new Wire.StartClockRequest(), cancellationToken).ConfigureAwait(false)).Clock);

    public async Task SetFaultsAsync(
        IEnumerable<SandboxFault> faults, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var set = faults.Select(fault => new Wire.Fault
        {
            Kind = (Wire.FaultKind)fault.Kind,
            Direction = (Wire.FaultDirection)fault.Direction,
            Count = fault.Count,
            Delay = fault.Delay is { } delay ? Duration.FromTimeSpan(delay) : null,
        }).ToList();
        await _calls.ChangeAsync(
            "SetFaults", _stub.SetFaultsAsync, id => new Wire.SetFaultsRequest { RequestId = id, Faults = { set } }, options, cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task ResetAccountAsync(ChangeOptions? options = null, CancellationToken cancellationToken = default) => await _calls.ChangeAsync(
        "ResetAccount", _stub.ResetAccountAsync, id => new Wire.ResetAccountRequest { RequestId = id }, options, cancellationToken)
        .ConfigureAwait(false);

    private static SandboxClock Clock(Wire.Clock clock) => new(clock.Time.ToDateTimeOffset(), clock.Stopped);
}
