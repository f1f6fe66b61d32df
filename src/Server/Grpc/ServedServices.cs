namespace SingleWindowBridge.Server.Grpc;

/// <summary>The gRPC services that this server serves.</summary>
/// <param name="Descriptors">Their descriptors.</param>
public sealed record ServedServices(IReadOnlyList<Google.Protobuf.Reflection.ServiceDescriptor> Descriptors);
