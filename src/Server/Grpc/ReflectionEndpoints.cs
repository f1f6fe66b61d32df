using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>grpc.reflection.v1: tools can list and call what the server serves.</summary>
public sealed class ReflectionEndpoints(ServiceReflection reflection) : ServerReflection.ServerReflectionBase
{
    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
            await responseStream.WriteAsync(reflection.Answer(requestStream.Current), context.CancellationToken);
    }
}

/// <summary>grpc.reflection.v1alpha, for older tools: the same messages under the older name.</summary>
public sealed class AlphaReflectionEndpoints(ServiceReflection reflection) : V1Alpha.ServerReflection.ServerReflectionBase
{
    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<V1Alpha.ServerReflectionRequest> requestStream,
        IServerStreamWriter<V1Alpha.ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var answer = reflection.Answer(ServerReflectionRequest.Parser.ParseFrom(requestStream.Current.ToByteString()));
            await responseStream.WriteAsync(
                V1Alpha.ServerReflectionResponse.Parser.ParseFrom(answer.ToByteString()), context.CancellationToken);
        }
    }
}
