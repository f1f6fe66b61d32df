using SingleWindow.Customs.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CustomsExchange;

/// <summary>CustomsExchangeService: an RPC a file. Only a server whose channel is grpc has it.</summary>
public sealed partial class CustomsExchangeEndpoints(
    IBridgeDatabase database, Handover handover, Inbox inbox, OutboxSignal signal, FarEnd farEnd, ExchangeOptions exchange,
    DeliveryOptions options, Credentials credentials, Drain drain, WireLimits limits, TimeProvider clock)
    : CustomsExchangeService.CustomsExchangeServiceBase;
