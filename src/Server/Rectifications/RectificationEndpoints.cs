using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Rectifications;

/// <summary>RectificationService: an RPC a file.</summary>
public sealed partial class RectificationEndpoints(IBridgeDatabase database, CaseWriter writer)
    : RectificationService.RectificationServiceBase;
