using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>CaseService: an RPC a file.</summary>
public sealed partial class CaseEndpoints(IBridgeDatabase database, CaseWriter writer) : CaseService.CaseServiceBase;
