using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Reviews;

/// <summary>ReviewService: an RPC a file.</summary>
public sealed partial class ReviewEndpoints(IBridgeDatabase database, CaseWriter writer) : ReviewService.ReviewServiceBase;
