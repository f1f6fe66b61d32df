using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Sandbox;

public sealed partial class SandboxEndpoints
{
    /// <inheritdoc/>
    public override async Task<SetScenarioResponse> SetScenario(SetScenarioRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Required("scenario", request.Scenario.Length > 0);
        if (request.ActDelay is { } asked)
            rules.Range("act_delay", asked, 0, 3600);
        rules.ThrowIfAny();
        if (Scenarios.Find(request.Scenario) is null)
            throw new BridgeException(ErrorReason.ScenarioNotFound, ("scenario", request.Scenario));

        var authorityId = context.Account().AuthorityId;
        var actDelayMs = request.ActDelay is { } delay ? (long)delay.ToTimeSpan().TotalMilliseconds : (long?)null;
        var origin = Origin.OfAuthority(context, "", RequestTable.Hash(request));
        await database.WriteAsync(
            Scope.Of(authorityId),
            async sql =>
            {
                var caseId = request.CaseId.Length > 0 ? (await sql.GetCaseAsync(authorityId, request.CaseId)).CaseId : "";

                // A repeat changes nothing, and is not told of as if it did.
                var changed = await sql.ExecuteAsync(
                    """
                    INSERT INTO sandbox_choices (authority_id, case_id, scenario, act_delay_ms)
                    VALUES (@authorityId, @caseId, @Scenario, @actDelayMs)
                    ON CONFLICT (authority_id, case_id) DO UPDATE SET scenario = excluded.scenario, act_delay_ms = excluded.act_delay_ms
                    WHERE sandbox_choices.scenario <> excluded.scenario OR sandbox_choices.act_delay_ms IS DISTINCT FROM excluded.act_delay_ms
                    """,
                    new { authorityId, caseId, request.Scenario, actDelayMs });
                if (changed == 0)
                    return caseId;
                await sql.AuditAsync(authorityId, origin, caseId, $"CHOSEN {request.Scenario}", clock.GetUtcNow());
                return caseId;
            },
            context.CancellationToken);
        return new SetScenarioResponse();
    }
}
