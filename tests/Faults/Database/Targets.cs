using System.Numerics;

namespace SingleWindowBridge.Faults.Database;

/// <summary>Which calls are to fail, one after the other.</summary>
internal static class Targets
{
    private const int ShortForm = 24;

    /// <summary>The long form takes every call, first one of each and no more than it is told to; the short form some of those that differ.</summary>
    /// <param name="counts">How often each call is made.</param>
    /// <param name="kinds">The ways to fail before the effect, taken in turn.</param>
    public static IEnumerable<Target> Of(IReadOnlyDictionary<string, int> counts, int kinds)
    {
        var all = All(counts, kinds);
        var most = Tally.Count(0);
        if (most > 0)
            return all.Take(most);
        var step = (2 * counts.Count / ShortForm) | 1;
        return all.Take(2 * counts.Count).Where((_, index) => index % step == 0);
    }

    // Of calls that are alike one after the other, spread over the whole: first one of each, then another of each ...
    private static List<Target> All(IReadOnlyDictionary<string, int> counts, int kinds)
    {
        var calls = counts.OrderBy(call => call.Key, StringComparer.Ordinal).ToList();
        var all = new List<Target>();
        for (var round = 0; all.Count < 2 * counts.Values.Sum(); round++)
        {
            foreach (var (call, count) in calls.Where(call => call.Value > round))
            {
                var time = SpreadOver(count, round) + 1;
                all.Add(new Target(call, time, Moment.Before, all.Count / 2 % kinds));
                all.Add(new Target(call, time, Moment.After, 0));
            }
        }

        return all;
    }

    // Every number below the count once, neighbours far from each other.
    private static int SpreadOver(int count, int round)
    {
        var step = Math.Max(1, (int)(count * 0.618));
        while (BigInteger.GreatestCommonDivisor(step, count) != 1)
            step++;
        return (int)((long)step * round % count);
    }
}
