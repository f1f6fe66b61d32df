using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Who calls, as the credential says.</summary>
public static class Caller
{
    /// <summary>The authority that calls.</summary>
    public static Account Account(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Account>() ?? throw new BridgeException(ErrorReason.CredentialsMissing);

    /// <summary>The name of the key with which an operator or Customs calls.</summary>
    public static string ServiceKey(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<ServiceKeyName>()?.Name ?? throw new BridgeException(ErrorReason.CredentialsMissing);

    internal static void SetServiceKey(this HttpContext context, string name) => context.Features.Set(new ServiceKeyName(name));

    /// <summary>Acts for the authority that calls.</summary>
    public static Storage.Scope Scope(this ServerCallContext context) => Storage.Scope.Of(context.Account().AuthorityId);

    /// <summary>What the caller has open.</summary>
    internal static AccountUse Use(this ServerCallContext context) => context.GetHttpContext().Features.Get<AccountUse>() ?? throw new BridgeException(ErrorReason.CredentialsMissing);

    private sealed record ServiceKeyName(string Name);
}
