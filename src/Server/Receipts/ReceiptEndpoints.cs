using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>ReceiptService: an RPC a file.</summary>
public sealed partial class ReceiptEndpoints(
    IBridgeDatabase database, FollowedFeeds followed, Proof.Signer key, TimeProvider clock)
    : ReceiptService.ReceiptServiceBase;
