using Microsoft.Data.Sqlite;

namespace SingleWindow.Tests.Simulation;

/// <summary>How often what goes wrong, of 1,000 times each.</summary>
internal sealed class Weather
{
    private static readonly int[] Rates = [0, 0, 20, 80, 250];

    /// <summary>Nothing goes wrong.</summary>
    public static readonly Weather Fair = new();

    /// <summary>A call of a client never comes to the server.</summary>
    public int LostCall { get; private init; }

    /// <summary>The answer to a client never comes, or too late.</summary>
    public int LostAnswer { get; private init; }

    /// <summary>Something takes its time on the way, between any two of them.</summary>
    public int Slow { get; private init; }

    /// <summary>The database does not do what it is told.</summary>
    public int DatabaseRefuses { get; private init; }

    /// <summary>The database does what it is told and says that it failed.</summary>
    public int DatabaseLies { get; private init; }

    /// <summary>The database fails at the commit, when all is done that was to be committed, and nothing of it is there.</summary>
    public int CommitFails { get; private init; }

    /// <summary>A submission never comes to Customs.</summary>
    public int LostSubmission { get; private init; }

    /// <summary>Customs takes a submission, and its word that it did is lost.</summary>
    public int LostTaking { get; private init; }

    /// <summary>The link to Customs fails in a way that nobody foresaw.</summary>
    public int BrokenLink { get; private init; }

    /// <summary>A message of either side comes twice, the second time at once or late.</summary>
    public int Doubled { get; private init; }

    /// <summary>What Customs says does not come this time.</summary>
    public int LostReceipt { get; private init; }

    /// <summary>That a message of Customs was taken in is never heard there.</summary>
    public int LostAcknowledgement { get; private init; }

    /// <summary>A server dies, between any two steps of anything.</summary>
    public int Crash { get; private init; }

    /// <summary>The weather of a seed.</summary>
    /// <param name="random">The seed's chance.</param>
    /// <param name="seed">The seed: in every fourth commits fail, and the others go as they went before that was thought of.</param>
    public static Weather Of(Random random, int seed)
    {
        int Rate(int most = 1000) => Math.Min(most, Rates[random.Next(Rates.Length)]);

        return new Weather
        {
            LostCall = Rate(), LostAnswer = Rate(), Slow = 50 + Rate(), DatabaseRefuses = Rate(40), DatabaseLies = Rate(40),
            LostSubmission = Rate(), LostTaking = Rate(), BrokenLink = Rate(80), Doubled = Rate(), LostReceipt = Rate(),
            LostAcknowledgement = Rate(), Crash = Rate(20) / 2, CommitFails = seed % 4 == 0 ? 80 : 0,
        };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"lost calls {LostCall}, lost answers {LostAnswer}, slow {Slow}, database refuses {DatabaseRefuses}, lies {DatabaseLies}, commits fail {CommitFails}, "
        + $"submissions lost {LostSubmission}, takings lost {LostTaking}, link broken {BrokenLink}, doubled {Doubled}, "
        + $"receipts lost {LostReceipt}, acknowledgements lost {LostAcknowledgement}, crashes {Crash} of 1,000";
}

/// <summary>What the simulation breaks by itself; any other failure is a finding.</summary>
internal sealed class Injected(string message) : Exception(message)
{
    /// <summary>The failure of a database that is out of reach.</summary>
    public static SqliteException OfDatabase(bool done) =>
        new(done ? "simulated: disk I/O error after the commit" : "simulated: database is locked", done ? SQLitePCL.raw.SQLITE_IOERR : SQLitePCL.raw.SQLITE_BUSY);
}
