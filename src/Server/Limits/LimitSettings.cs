namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// How much one account, one connection and one address may ask of this server: the settings under Limits. Each server counts for
/// itself. 0 stands for no limit. docs/wire.md has the reasons.
/// </summary>
public sealed class LimitSettings
{
    /// <summary>Calls a second of an account, over any time; after a tenth of a second's they are worked on at that pace. Those of Customs are not counted.</summary>
    public int AccountCalls { get; set; } = 500;

    /// <summary>Calls of an account that may come at once, after a quiet time; those past it are refused.</summary>
    public int AccountBurst { get; set; } = 2_000;

    /// <summary>Calls of an account that are open at once, streams and all.</summary>
    public int AccountOpenCalls { get; set; } = 400;

    /// <summary>Streams of an account that are open at once: followers, uploads and downloads.</summary>
    public int AccountStreams { get; set; } = 200;

    /// <summary>Calls of an account with one answer that are worked on at once; its others wait for them.</summary>
    public int AccountTurns { get; set; } = 4 * Environment.ProcessorCount;

    /// <summary>Bytes of an account's requests and downloads that are in memory at once: 64 MiB, sixteen of the largest files.</summary>
    public long AccountBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Bytes of files that an account uploads a second, over any time: 16 MiB. Eight times as much may come at once.</summary>
    public long AccountUploadBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Calls a second of one connection, whoever makes them, before anything is known of them.</summary>
    public int ConnectionCalls { get; set; } = 2_000;

    /// <summary>Calls of one connection that may come at once, after a quiet time.</summary>
    public int ConnectionBurst { get; set; } = 5_000;

    /// <summary>Connections that one address has open at once. IPv6 addresses are told apart by their first 64 bits.</summary>
    public int AddressConnections { get; set; } = 200;

    /// <summary>New connections a second of one address, over any time; eight times as many may come at once.</summary>
    public int AddressNewConnections { get; set; } = 25;

    /// <summary>Calls a second without a good credential from one address, over any time: bad keys, no keys, health and reflection.</summary>
    public int AddressStrangers { get; set; } = 10;

    /// <summary>Such calls that may come at once, after a quiet time.</summary>
    public int AddressStrangersBurst { get; set; } = 100;

    /// <summary>Streams without a credential that one address has open at once: health and reflection.</summary>
    public int AddressStrangerStreams { get; set; } = 100;

    /// <summary>How long such a stream is open, on a connection on which no good credential was shown.</summary>
    public TimeSpan StrangerStream { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Calls of all authorities with one answer that are worked on at once; up to as many more stand in line for a moment, others are refused.
    /// Fewer are where there is too much to do and they slow each other down.
    /// </summary>
    public int ServerCalls { get; set; } = 32 * Environment.ProcessorCount;

    /// <summary>Bytes of requests and downloads of all accounts that are in memory at once: 512 MiB.</summary>
    public long ServerBytes { get; set; } = 512L * 1024 * 1024;
}
