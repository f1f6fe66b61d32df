using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>
/// Finds the account that a call's key and client certificate stand for, and holds it to what it requires. Keys are stored as SHA-256
/// only. Credentials of the sandbox open a sandbox server alone, the others any other server.
/// </summary>
public sealed class Credentials(
    AccountCache accounts, ServiceKeys services, ExchangeOptions exchange, ClientTrust trust, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    // The hashes of the headers of late, each in the place that its hash code gives: SHA-256 costs more than the rest of the check.
    private readonly Hashed?[] late = new Hashed?[256];

    // A connection shows its certificate once and for all of its calls.
    private readonly ConditionalWeakTable<X509Certificate2, ClientCertificate> certificates = new();

    /// <summary>Whether a call shows anything.</summary>
    public static bool AreShown(HttpContext call) =>
        HeaderOf(call.Request.Headers.Authorization) is not null || call.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not null;

    /// <summary>What a call shows: the last of the headers "authorization", and its connection's certificate.</summary>
    /// <exception cref="BridgeException">CREDENTIALS_MISSING.</exception>
    public ShownCredential Read(HttpContext call)
    {
        var certificate = call.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } shown
            ? certificates.GetValue(shown, certificate => new ClientCertificate(certificate, trust.Trusts(certificate)))
            : null;
        if (HeaderOf(call.Request.Headers.Authorization) is { } header)
        {
            var hashed = HashOf(header);
            return new ShownCredential(hashed.Key, hashed.Shape, certificate);
        }

        return certificate is not null
            ? new ShownCredential(null, default, certificate)
            : throw new BridgeException(ErrorReason.CredentialsMissing);
    }

    /// <summary>The account of a call, and how long its credential holds.</summary>
    /// <param name="shown">What the call shows.</param>
    /// <param name="role">Who may call.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    /// <exception cref="BridgeException">
    /// CREDENTIALS_MISSING, CREDENTIALS_INVALID, KEY_MISTYPED, CREDENTIAL_OF_OTHER_KIND, CERTIFICATE_NOT_ACCEPTED, CERTIFICATE_REQUIRED,
    /// ACCOUNT_DISABLED or ROLE_REQUIRED.
    /// </exception>
    public async ValueTask<Admission> AdmitAsync(ShownCredential shown, Role role, CancellationToken cancellationToken)
    {
        // Told from the key itself, so that it costs no look at the database; keys of the settings are held to it as well.
        if (shown.Key is not null && shown.Shape != KeyShape.Unmarked && IsOfSandbox(shown.Shape) != exchange.IsSandbox)
            throw OtherKind(IsOfSandbox(shown.Shape));
        if (shown.Key is { } own && services.Find(own) is { } service)
            return service.Role == role ? new Admission(service, null) : throw Needs(role);

        var now = clock.GetUtcNow();
        var byKey = shown.Key is { } key ? await FindAsync(key, shown.Shape, now, cancellationToken) : null;
        var byCertificate = shown.Certificate is { } certificate && certificate.IsValidAt(now)
            ? await accounts.FindAsync(certificate, cancellationToken)
            : null;
        var account = Agreed(shown, byKey, byCertificate);
        if (account.Sandbox != exchange.IsSandbox)
            throw OtherKind(account.Sandbox);
        if (account.Disabled)
            throw new BridgeException(ErrorReason.AccountDisabled);
        if (account.Role != role)
            throw Needs(role);

        byKey?.Use?.Touch();
        byCertificate?.Use?.Touch();
        return new Admission(account, Earlier(byKey?.ExpiresAt, byCertificate?.ExpiresAt));
    }

    /// <summary>Whether nothing of what a call shows has to be looked up in the database.</summary>
    internal bool IsKept(ShownCredential shown)
    {
        if (shown.Key is { } key)
        {
            if (shown.Shape is KeyShape.BrokenLive || services.Find(key) is not null)
                return true;
            if (!accounts.IsKept(key))
                return false;
        }

        return shown.Certificate is not { } certificate || !certificate.IsValidAt(clock.GetUtcNow()) || accounts.IsKept(certificate);
    }

    private async ValueTask<FoundCredential> FindAsync(KeyHash key, KeyShape shape, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (shape is KeyShape.BrokenLive or KeyShape.BrokenSandbox && !(exchange.IsSandbox && services.IsOfSandbox(key)))
            throw new BridgeException(ErrorReason.KeyMistyped);
        if (shape == KeyShape.Unmarked && !exchange.IsSandbox)
            throw new BridgeException(ErrorReason.CredentialsInvalid);

        var found = await accounts.FindAsync(key, cancellationToken);
        return found is null || found.ExpiresAt <= now.ToMicroseconds()
            ? throw new BridgeException(ErrorReason.CredentialsInvalid)
            : found;
    }

    // The account for which both stand that are shown, as far as it requires them.
    private static Account Agreed(ShownCredential shown, FoundCredential? byKey, FoundCredential? byCertificate)
    {
        if (byKey is null)
        {
            if (byCertificate is null)
                throw new BridgeException(ErrorReason.CertificateNotAccepted);
            return byCertificate.Account.Requires is RequiredCredential.Certificate or RequiredCredential.Either
                ? byCertificate.Account
                : throw new BridgeException(ErrorReason.CredentialsMissing);
        }

        var account = byKey.Account;
        if (byCertificate is not null && byCertificate.Account.AuthorityId != account.AuthorityId)
            throw new BridgeException(ErrorReason.CertificateNotAccepted);
        if (byCertificate is null && account.Requires is not (RequiredCredential.Key or RequiredCredential.Either))
        {
            throw new BridgeException(
                shown.Certificate is null ? ErrorReason.CertificateRequired : ErrorReason.CertificateNotAccepted);
        }

        return account;
    }

    private static bool IsOfSandbox(KeyShape shape) => shape is KeyShape.Sandbox or KeyShape.BrokenSandbox;

    private BridgeException OtherKind(bool ofSandbox) => new(
        ErrorReason.CredentialOfOtherKind,
        ("credential", ofSandbox ? "sandbox" : "live"), ("server", exchange.IsSandbox ? "sandbox" : "live"));

    private static BridgeException Needs(Role role) =>
        new(ErrorReason.RoleRequired, ("role", role.ToString().ToUpperInvariant()));

    private static long? Earlier(long? one, long? other) => one is null || other < one ? other : one;

    private static string? HeaderOf(StringValues authorization)
    {
        var header = authorization.Count > 0 ? authorization[^1] : null;
        return header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header : null;
    }

    private Hashed HashOf(string header)
    {
        // The code is seeded at random. Texts are compared only where all of it agrees, so a guess learns nothing from the time taken.
        var code = header.GetHashCode(StringComparison.Ordinal);
        ref var place = ref late[(byte)code];
        var hashed = Volatile.Read(ref place);
        if (hashed is null || hashed.Code != code || hashed.Header != header)
        {
            var key = header.AsSpan(Scheme.Length).Trim();
            hashed = new Hashed(code, header, KeyHash.Of(key), ApiKey.ShapeOf(key));
            Volatile.Write(ref place, hashed);
        }

        return hashed;
    }

    private sealed class Hashed(int code, string header, KeyHash key, KeyShape shape)
    {
        public int Code => code;

        public string Header => header;

        public KeyHash Key => key;

        public KeyShape Shape => shape;
    }
}

/// <summary>What a call shows of who makes it.</summary>
/// <param name="Key">The key's hash; null for none.</param>
/// <param name="Shape">What can be told of the key from itself.</param>
/// <param name="Certificate">The connection's certificate; null for none.</param>
public readonly record struct ShownCredential(KeyHash? Key, KeyShape Shape, ClientCertificate? Certificate);

/// <summary>A call that may be made.</summary>
/// <param name="Account">Who calls.</param>
/// <param name="ExpiresAt">When the credential ends, in microseconds; null for never.</param>
public readonly record struct Admission(Account Account, long? ExpiresAt);
