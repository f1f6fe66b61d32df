using System.Diagnostics;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Database;

/// <summary>What was left where one call of the database failed, held against what is left where none does.</summary>
internal sealed class Trials(ITestOutputHelper output)
{
    private const int MostTold = 12;
    private const int Often = 100;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly List<string> told = [];
    private readonly HashSet<string> failedCalls = [];
    private long lost;
    private long doubled;
    private long reordered;
    private long failed;
    private long notMet;

    /// <summary>Counts a call that did not come that often.</summary>
    public void NotMet() => notMet++;

    /// <summary>Counts a call that has failed.</summary>
    public void Failed(Target target)
    {
        failed++;
        failedCalls.Add(target.Call);
        if (failed % Often == 0)
            output.Say($"{failed} calls of the database have failed, {told.Count} faults found");
    }

    /// <summary>Compares line by line.</summary>
    public void Compare(Target target, IReadOnlyList<string> expected, IReadOnlyList<string> outcome, string log)
    {
        if (expected.SequenceEqual(outcome))
            return;

        var missing = Without(expected, outcome);
        var more = Without(outcome, expected);
        lost += missing.Count;
        doubled += more.Count;
        if (missing.Count + more.Count == 0)
            reordered++;
        Tell($"{target}\nmissing:\n{string.Join('\n', missing)}\nmore:\n{string.Join('\n', more)}\n{log}");
    }

    /// <summary>Notes a fault that shows otherwise.</summary>
    public void Lose(string what)
    {
        lost++;
        Tell(what);
    }

    /// <summary>Keeps the tally, and fails where anything is wrong.</summary>
    /// <param name="counts">How often each call is made where none fails.</param>
    public void Settle(IReadOnlyDictionary<string, int> counts)
    {
        output.Say(
            $"{counts.Values.Sum()} calls, {counts.Count} different; {failed} failures in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, "
            + $"of {failedCalls.Count} different ones; {notMet} times the call did not come that often");
        new Tally(lost, doubled, reordered, failed).Settle(string.Join("\n\n", told.Take(MostTold)));
    }

    private static List<string> Without(IEnumerable<string> all, IEnumerable<string> others)
    {
        var rest = all.ToList();
        foreach (var other in others)
            rest.Remove(other);
        return rest;
    }

    private void Tell(string what) => told.Add(what.Length > 6000 ? what[..6000] : what);
}
