using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Audit;

/// <summary>Where all chains of the audit ended at some time, signed. Kept elsewhere, it shows later that nothing before was touched.</summary>
/// <param name="At">When, in microseconds since 1970-01-01 UTC.</param>
/// <param name="Chains">The end of every chain that has a row, by authority.</param>
/// <param name="KeyId">The key that signed.</param>
/// <param name="PublicKey">The public half of that key, which is to be trusted only where it is known from elsewhere.</param>
/// <param name="Signature">ECDSA on P-256 with SHA-256, in DER.</param>
public sealed record AuditHead(long At, IReadOnlyList<ChainHead> Chains, string KeyId, byte[] PublicKey, byte[] Signature)
{
    private const string Kind = "singlewindow.bridge.audit-head/1";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Reads the ends of all chains and signs them.</summary>
    public static async Task<AuditHead> MakeAsync(IBridgeDatabase database, Signer key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var chains = (await sql.ListChainHeadsAsync()).Where(head => head.Number > 0).OrderBy(head => head.AuthorityId, StringComparer.Ordinal).ToList();
        var at = now.ToMicroseconds();
        return new AuditHead(at, chains, key.Id, key.PublicKey, key.Sign(Content(at, chains).Bytes));
    }

    /// <summary>Whether a public key's private half signed it.</summary>
    public bool IsSignedBy(ReadOnlySpan<byte> publicKey) => Signer.Verify(publicKey, Content(At, Chains).Bytes, Signature);

    /// <summary>A file name that sorts by time.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"audit-head-{Times.FromMicroseconds(At):yyyyMMdd'T'HHmmssfff'Z'}.json");

    /// <summary>As a file holds it.</summary>
    public string ToJson() => new JsonObject
    {
        ["kind"] = Kind,
        ["time"] = Times.FromMicroseconds(At).ToString("O", CultureInfo.InvariantCulture),
        ["time_microseconds"] = At,
        ["chains"] = new JsonArray(
        [
            .. Chains.Select(chain => new JsonObject
            {
                ["authority_id"] = chain.AuthorityId, ["number"] = chain.Number, ["hash"] = Convert.ToHexStringLower(chain.Hash),
            }),
        ]),
        ["key_id"] = KeyId,
        ["public_key"] = Convert.ToBase64String(PublicKey),
        ["signature"] = Convert.ToBase64String(Signature),
    }.ToJsonString(Readable);

    /// <summary>Reads what a file holds.</summary>
    /// <param name="json">The file's text.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">It is not a head.</exception>
    public static AuditHead Parse(string json, string source)
    {
        try
        {
            var head = JsonNode.Parse(json)!;
            if ((string?)head["kind"] != Kind)
                throw new InvalidDataException($"{source} is not a head of the audit.");
            return new AuditHead(
                (long)head["time_microseconds"]!,
                [
                    .. head["chains"]!.AsArray().Select(chain => new ChainHead(
                        (string)chain!["authority_id"]!, (long)chain["number"]!, Convert.FromHexString((string)chain["hash"]!), source)),
                ],
                (string)head["key_id"]!,
                Convert.FromBase64String((string)head["public_key"]!),
                Convert.FromBase64String((string)head["signature"]!));
        }
        catch (Exception wrong) when (wrong is JsonException or NullReferenceException or FormatException or InvalidOperationException or ArgumentNullException)
        {
            throw new InvalidDataException($"{source} is not a head of the audit: {wrong.Message}", wrong);
        }
    }

    private static CanonicalFields Content(long at, IReadOnlyCollection<ChainHead> chains) => new CanonicalFields(Kind)
        .Add(at)
        .AddAll(chains, static (fields, chain) => fields.Add(chain.AuthorityId).Add(chain.Number).Add(chain.Hash));
}
