using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.Faults.Database;

/// <summary>When a call fails: before its effect, or after it, so that what was done is answered with an error.</summary>
internal enum Moment
{
    Before,
    After,
}

/// <summary>The one call that is to fail.</summary>
/// <param name="Call">Its text, and what stands for the calls before it on its connection: two with the same are alike.</param>
/// <param name="Time">Which time that it is made, from 1.</param>
/// <param name="Moment">When.</param>
/// <param name="Kind">Which of the engine's ways to fail, counted round.</param>
internal sealed record Target(string Call, int Time, Moment Moment, int Kind)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Moment} the {Time}. {(Call.Length > 200 ? $"{Call[..180]}... {Call[^14..]}" : Call)} ({Kind})";
}

/// <summary>
/// Counts the calls of a database while armed, each by its text and what came before it on its connection, and says which one is to fail.
/// </summary>
/// <param name="failures">How the engine fails.</param>
internal sealed partial class FaultPlan(DriverFailures failures)
{
    private readonly Lock gate = new();
    private Dictionary<string, int> counts = [];
    private Target? target;
    private bool armed;

    /// <summary>How the engine fails.</summary>
    public DriverFailures Failures => failures;

    /// <summary>The way of the call that fails.</summary>
    public int Kind => target?.Kind ?? 0;

    /// <summary>Whether the call has come and failed.</summary>
    public bool Failed { get; private set; }

    /// <summary>Begins to count.</summary>
    /// <param name="next">What is to fail; null for nothing.</param>
    public void Arm(Target? next)
    {
        lock (gate)
            (counts, target, armed, Failed) = ([], next, true, false);
    }

    /// <summary>Ends, and gives how often each call was made.</summary>
    public IReadOnlyDictionary<string, int> Disarm()
    {
        lock (gate)
        {
            armed = false;
            return counts;
        }
    }

    /// <summary>Notes that a call is made; gives the moment at which it is to fail, null for not at all.</summary>
    /// <param name="text">What is called.</param>
    /// <param name="before">What stands for the calls before it; then for it, too.</param>
    public Moment? Meet(string text, ref string before)
    {
        text = SpacePattern().Replace(text.Replace("CALL act_for(@bridge_scope);\n", "", StringComparison.Ordinal), " ").Trim();
        before = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{before}\n{text}")).AsSpan(0, 6));
        var call = $"{text} [{before}]";
        lock (gate)
        {
            if (!armed)
                return null;

            var time = counts[call] = counts.GetValueOrDefault(call) + 1;
            if (Failed || target is null || target.Call != call || target.Time != time)
                return null;
            Failed = true;
            return target.Moment;
        }
    }

    /// <summary>Stands between the bridge and a connection.</summary>
    public DbConnection Between(DbConnection driver) => driver is Npgsql.NpgsqlConnection
        ? new NpgsqlConnection(driver, this)
        : new FaultedConnection(driver, this);

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacePattern();
}
