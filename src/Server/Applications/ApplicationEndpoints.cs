using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Applications;

/// <summary>ApplicationService: an RPC a file.</summary>
public sealed partial class ApplicationEndpoints(IBridgeDatabase database, CaseWriter writer, FoodCatalogue catalogue)
    : ApplicationService.ApplicationServiceBase;
