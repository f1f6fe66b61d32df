using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>The table of client certificates.</summary>
internal static class CertificateTable
{
    private const string Select =
        "SELECT c.certificate_id, c.authority_id, c.known_by, c.thumbprint, c.subject, c.issuer, c.note, c.created_at, u.used_at "
        + "FROM certificates c LEFT JOIN credential_uses u ON u.credential = c.certificate_id";

    /// <summary>The certificates of an account, the newest first.</summary>
    public static Task<IReadOnlyList<CertificateRow>> ListCertificatesAsync(this Sql sql, string accountId, int most) =>
        sql.ListAsync<CertificateRow>(
            $"{Select} WHERE c.authority_id = @accountId ORDER BY c.certificate_id DESC LIMIT @most", new { accountId, most });

    /// <summary>A certificate of an account; null where there is none.</summary>
    public static Task<CertificateRow?> FindCertificateAsync(this Sql sql, string accountId, string certificateId) =>
        sql.FindAsync<CertificateRow>(
            $"{Select} WHERE c.authority_id = @accountId AND c.certificate_id = @certificateId", new { accountId, certificateId });

    /// <summary>The certificate that is known by this; null where there is none.</summary>
    public static Task<CertificateRow?> FindCertificateAsync(this Sql sql, string knownBy) =>
        sql.FindAsync<CertificateRow>($"{Select} WHERE c.known_by = @knownBy", new { knownBy });

    /// <summary>Keeps a certificate.</summary>
    public static Task InsertCertificateAsync(this Sql sql, CertificateRow row) => sql.ExecuteAsync(
        """
        INSERT INTO certificates (certificate_id, authority_id, known_by, thumbprint, subject, issuer, note, created_at)
        VALUES (@CertificateId, @AuthorityId, @KnownBy, @Thumbprint, @Subject, @Issuer, @Note, @CreatedAt)
        """,
        row);

    /// <summary>Removes a certificate.</summary>
    public static Task DeleteCertificateAsync(this Sql sql, CertificateRow row) => sql.ExecuteAsync(
        "DELETE FROM certificates WHERE certificate_id = @CertificateId", row);
}

/// <summary>A row of the table of client certificates.</summary>
internal sealed class CertificateRow
{
    /// <summary>A ULID.</summary>
    public string CertificateId { get; init; } = "";

    /// <summary>The account.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>As <see cref="ClientCertificate"/> says.</summary>
    public string KnownBy { get; init; } = "";

    /// <summary>SHA-256, in hexadecimal digits; empty where the names count.</summary>
    public string Thumbprint { get; init; } = "";

    /// <summary>Whom it was issued to; empty where the thumbprint counts.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Who issued it; empty where the thumbprint counts.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Note { get; init; } = "";

    /// <summary>When it was added.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it was last used; null for never.</summary>
    public long? UsedAt { get; init; }

    /// <summary>As operators see it.</summary>
    public Certificate ToContract() => new()
    {
        CertificateId = CertificateId,
        AccountId = AuthorityId,
        Sha256Thumbprint = Thumbprint,
        Names = Subject.Length > 0 ? new CertificateNames { Subject = Subject, Issuer = Issuer } : null,
        Note = Note,
        CreateTime = Times.ToTimestamp(CreatedAt),
        LastUseTime = Times.ToTimestamp(UsedAt),
    };
}
