using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    private const int ThumbprintLength = 64;
    private const int MostNameCharacters = 1000;

    /// <summary>Has a client certificate stand for an account.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID, ACCOUNT_NOT_FOUND, CERTIFICATE_ALREADY_BOUND or REQUEST_ID_REUSED.</exception>
    public Task<AddCertificateResponse> AddCertificateAsync(AddCertificateRequest request, Origin by, CancellationToken cancellationToken)
    {
        Needs(("account_id", request.AccountId));
        var rules = new FieldRules();
        rules.Text("note", request.Note, AccountRules.TextLength, required: false);
        var thumbprint = ThumbprintOf(rules, request);
        var knownBy = request.Names is { } names ? KnownBy(rules, names) : ClientCertificate.ByThumbprint(thumbprint);
        var problems = Told(rules, request.ValidateOnly);
        return ChangeAsync(
            request, request.RequestId, request.ValidateOnly, by,
            answer => $"CERTIFICATE {answer.Certificate.CertificateId} OF {answer.Certificate.AccountId}",
            async (sql, now) =>
            {
                var account = await sql.LockAccountAsync(request.AccountId);
                if (await sql.FindCertificateAsync(knownBy) is { } there)
                    throw new BridgeException(ErrorReason.CertificateAlreadyBound, ("account_id", there.AuthorityId));
                if (request.ValidateOnly)
                    return new AddCertificateResponse { Problems = { problems } };

                var row = new CertificateRow
                {
                    CertificateId = Ulids.New(now),
                    AuthorityId = account.AuthorityId,
                    KnownBy = knownBy,
                    Thumbprint = thumbprint,
                    Subject = request.Names?.Subject ?? "",
                    Issuer = request.Names?.Issuer ?? "",
                    Note = request.Note,
                    CreatedAt = now.ToMicroseconds(),
                };
                await sql.InsertCertificateAsync(row);
                return new AddCertificateResponse { Certificate = row.ToContract() };
            },
            cancellationToken);
    }

    private static string ThumbprintOf(FieldRules rules, AddCertificateRequest request)
    {
        if (!rules.Required("known_by", request.KnownByCase != AddCertificateRequest.KnownByOneofCase.None) || request.Names is not null)
            return "";

        var digits = request.Sha256Thumbprint.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        if (digits.Length != ThumbprintLength || !digits.All(char.IsAsciiHexDigit))
        {
            rules.Add(
                "sha256_thumbprint", FieldProblemCode.Malformed,
                "应为 64 个十六进制数字（openssl x509 -fingerprint -sha256）。",
                "Must be 64 hexadecimal digits, as openssl x509 -fingerprint -sha256 gives them.");
        }

        return digits;
    }

    private static string KnownBy(FieldRules rules, CertificateNames names)
    {
        var subject = Parsed(rules, "names.subject", names.Subject);
        var issuer = Parsed(rules, "names.issuer", names.Issuer);
        if (subject is null || issuer is null)
            return "";

        var knownBy = ClientCertificate.ByNames(subject, issuer);
        if (knownBy is null)
            Malformed(rules, "names");
        return knownBy ?? "";
    }

    private static X500DistinguishedName? Parsed(FieldRules rules, string field, string name)
    {
        if (!rules.Text(field, name, MostNameCharacters, required: true))
            return null;

        try
        {
            return new X500DistinguishedName(name);
        }
        catch (CryptographicException)
        {
            Malformed(rules, field);
            return null;
        }
    }

    private static void Malformed(FieldRules rules, string field) => rules.Add(
        field, FieldProblemCode.Malformed,
        "应为证书中的名称，例如 CN=filing.nvwa.example, O=NVWA, C=NL，各部分只有一个值。",
        "Must be a name as certificates have it, such as CN=filing.nvwa.example, O=NVWA, C=NL, each part with one value.");
}
