using System.Globalization;

namespace SingleWindowBridge.Faults.Processes;

/// <summary>What a world is made of.</summary>
/// <param name="Seed">Decides everything that is left to chance.</param>
internal sealed record WorldPlan(int Seed)
{
    /// <summary>The authorities: their ids.</summary>
    public static IReadOnlyList<string> Authorities { get; } = ["north", "south", "west"];

    /// <summary>The cluster that has the database; null for SQLite.</summary>
    public Cluster? Cluster { get; init; }

    /// <summary>Whether Customs is at the other end of a shared folder; else the server's own sandbox.</summary>
    public bool Directory { get; init; }

    /// <summary>How many servers there are.</summary>
    public int Servers { get; init; } = 1;

    /// <summary>How many writers each authority has.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>Where the SQLite database lies; null for the world's own folder.</summary>
    public string? DatabaseFolder { get; init; }

    /// <summary>Where the folder that is shared with Customs lies; null for the world's own folder.</summary>
    public string? ExchangeFolder { get; init; }

    /// <summary>Gives the port that clients use for a server's; null for the same.</summary>
    public Func<int, int>? ClientsThrough { get; init; }

    /// <summary>Gives the port that servers use for the database's; null for the same.</summary>
    public Func<int, int>? DatabaseThrough { get; init; }

    /// <summary>The clock of the servers, which then run in the test's own process; null for processes and the real clock.</summary>
    public JumpingClock? Clock { get; init; }

    /// <summary>How it is called where its figures are told.</summary>
    public string Name => $"{(Cluster is null ? "SQLite" : "PostgreSQL")}, {(Directory ? "directory" : "sandbox")}, {Servers} server(s), seed {Seed}";

    /// <summary>The settings of every server.</summary>
    /// <param name="folder">The world's folder.</param>
    /// <param name="database">The settings that name the database.</param>
    public Dictionary<string, string?> Settings(string folder, IReadOnlyDictionary<string, string?> database)
    {
        var settings = new Dictionary<string, string?>(database)
        {
            ["Signing:KeyFile"] = Path.Combine(folder, "signing-key.pem"),
            ["Logging:LogLevel:Default"] = "Error",
            ["Exchange:Channel"] = Directory ? "directory" : "sandbox",
            ["Sandbox:ActDelay"] = "00:00:00.010",
            ["Delivery:LeaseTerm"] = "00:00:01",
            ["Delivery:FirstPause"] = "00:00:00.100",
            ["Delivery:LongestPause"] = "00:00:01",

            // What fails here is always mended, so that nothing needs an operator in the end.
            ["Delivery:Attempts"] = "100000",
        };
        if (Directory)
        {
            settings["Exchange:Directory:Folder"] = ExchangeFolder ?? Path.Combine(folder, "exchange");
            settings["Exchange:Directory:PollEvery"] = "00:00:00.200";
            settings["Exchange:Directory:AnswerWait"] = "00:00:05";
        }

        // All come from one address, and come back as often as they are cut off.
        foreach (var limit in new[]
        {
            "AccountCalls", "AccountBurst", "ConnectionCalls", "ConnectionBurst", "AddressConnections", "AddressNewConnections", "AddressStrangers",
            "AddressStrangersBurst",
        })
        {
            settings[$"Limits:{limit}"] = 100_000.ToString(CultureInfo.InvariantCulture);
        }

        return settings;
    }
}
