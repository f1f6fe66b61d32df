namespace SingleWindowBridge.Server.Tls;

/// <summary>How the server shows who it is, and whose client certificates it takes: the settings under Tls.</summary>
public sealed class TlsOptions
{
    /// <summary>The server's certificate: a PEM file, with the certificates between it and its root after it, or a PKCS#12 file.</summary>
    public string? Certificate { get; set; }

    /// <summary>The private key of a PEM certificate; none where the same file holds it.</summary>
    public string? Key { get; set; }

    /// <summary>The password of the PKCS#12 file, or of an encrypted key.</summary>
    public string? Password { get; set; }

    /// <summary>A PEM file with the authorities whose client certificates count; without it, those count that an account knows by thumbprint.</summary>
    public string? ClientAuthorities { get; set; }
}
