using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>grpc.health.v1: whether the server, and each of its services, can do its work.</summary>
public sealed class HealthEndpoints(ServiceHealth health, Drain drain) : Health.HealthBase
{
    /// <inheritdoc/>
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var (status, _) = await health.StatusOfAsync(request.Service, context.CancellationToken);
        return status == ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, $"There is no service {request.Service}."))
            : new HealthCheckResponse { Status = status };
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, drain.StreamEndOf(context.GetHttpContext()));
        ServingStatus? told = null;
        while (true)
        {
            var (status, change) = await health.StatusOfAsync(request.Service, ending.Token);
            if (status != told)
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, ending.Token);
            told = status;
            await change.WaitAsync(ending.Token);
        }
    }
}
