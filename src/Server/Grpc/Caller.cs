using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;

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

    /// <summary>Names the key with which an authority calls: the first 16 hexadecimal digits of its SHA-256, which tell nothing of the key.</summary>
    public static string CredentialId(this ServerCallContext context)
    {
        var header = context.GetHttpContext().Request.Headers.Authorization;
        return header.Count > 0 && header[^1] is { } given && given.IndexOf(' ', StringComparison.Ordinal) is var space and > 0
            ? KeyHash.Of(given.AsSpan(space).Trim()).ToString()[..16]
            : "";
    }

    internal static void SetServiceKey(this ServerCallContext context, string name) =>
        context.GetHttpContext().Features.Set(new ServiceKeyName(name));

    /// <summary>Acts for the authority that calls.</summary>
    public static Storage.Scope Scope(this ServerCallContext context) => Storage.Scope.Of(context.Account().AuthorityId);

    internal static void SetAccount(this ServerCallContext context, Account account) => context.GetHttpContext().Features.Set(account);

    private sealed record ServiceKeyName(string Name);
}
