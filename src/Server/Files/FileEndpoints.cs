using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Files;

/// <summary>FileService: an RPC a file.</summary>
public sealed partial class FileEndpoints(IBridgeDatabase database, FileLimits files, WireLimits limits, TimeProvider clock)
    : FileService.FileServiceBase;
