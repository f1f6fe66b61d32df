using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Who calls, as the credential says.</summary>
public static class Caller
{
    /// <summary>The account that calls.</summary>
    public static Account Account(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Account>() ?? throw new BridgeException(ErrorReason.CredentialsMissing);

    /// <summary>The account of the operator or of Customs that calls, or the name of its key in the settings.</summary>
    public static string ServiceKey(this ServerCallContext context) => context.Account().AuthorityId;

    /// <summary>What all open streams of the caller's credential share; only while a stream is open.</summary>
    public static AdmittedStreams Streams(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<AdmittedStreams>() ?? throw new InvalidOperationException("The call is no stream.");

    /// <summary>
    /// Names the key with which an authority calls, else its certificate: the first 16 hexadecimal digits of its SHA-256, which tell nothing
    /// of the key.
    /// </summary>
    public static string CredentialId(this ServerCallContext context)
    {
        var header = context.GetHttpContext().Request.Headers.Authorization;
        return header.Count > 0 && header[^1] is { } given && given.IndexOf(' ', StringComparison.Ordinal) is var space and > 0
            ? KeyHash.Of(given.AsSpan(space).Trim()).ToString()[..16]
            : context.GetHttpContext().Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate
            ? certificate.GetCertHashString(HashAlgorithmName.SHA256)[..16].ToLowerInvariant()
            : "";
    }

    /// <summary>Acts for the authority that calls.</summary>
    public static Storage.Scope Scope(this ServerCallContext context) => Storage.Scope.Of(context.Account().AuthorityId);

    /// <summary>What the caller has open.</summary>
    internal static AccountUse Use(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<AccountUse>() ?? throw new BridgeException(ErrorReason.CredentialsMissing);

    internal static void SetStreams(this ServerCallContext context, AdmittedStreams streams) => context.GetHttpContext().Features.Set(streams);
}
