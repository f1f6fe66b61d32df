using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Reviews;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Sandbox;

/// <summary>SandboxService: an RPC a file. Only a server whose channel is the sandbox has it.</summary>
public sealed partial class SandboxEndpoints(
    IBridgeDatabase database, SandboxChannel channel, Inbox inbox, CustomsActs acts, ReviewStart reviews, FeedSignals feeds,
    TimeProvider clock)
    : SandboxService.SandboxServiceBase;
