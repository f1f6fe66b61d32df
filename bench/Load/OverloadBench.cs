using System.Globalization;
using SingleWindowBridge.Bench.Wire;

namespace SingleWindowBridge.Bench.Load;

/// <summary>
/// Ten times as many submissions as the server can keep up with, of a hundred authorities of which none takes more than its share: what
/// becomes of those that are taken, what of the others, and how soon all is as before.
/// </summary>
internal sealed class OverloadBench(OpenLoop calls, int seconds)
{
    private const int Port = 5423;
    private const int Authorities = 100;
    private const int Times = 10;
    private const double FirstRate = 600;
    private const double Step = 1.2;
    private const int AfterSeconds = 20;

    /// <summary>Runs it: [seconds of the overload [arguments of the server]].</summary>
    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        await using var cluster = await BenchCluster.StartAsync();
        await cluster.AddAuthoritiesAsync(Authorities);
        await using var server = await ServerProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "SingleWindowBridge.Bench.Load.dll"), Port, ["server", .. cluster.Arguments, .. args.Skip(1)]);
        using var calls = await OpenLoop.ConnectAsync("127.0.0.1", Port, Authorities);
        await new OverloadBench(calls, seconds).MeasureAsync();
    }

    private async Task MeasureAsync()
    {
        Console.WriteLine(FormattableString.Invariant(
            $"{Environment.ProcessorCount} cores shared by server, callers and PostgreSQL; load {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}"));

        // Until the JIT has done its work.
        await calls.RunAsync(FirstRate, TimeSpan.FromSeconds(20));
        var (rate, usual) = await UsualAsync();
        var usualP99 = usual.At(99);

        var over = await calls.RunAsync(rate * Times, TimeSpan.FromSeconds(seconds), rest: TimeSpan.Zero);
        var after = await calls.RunAsync(rate, TimeSpan.FromSeconds(AfterSeconds));
        Tell(FormattableString.Invariant($"{Times} times of it, {seconds} s"), over);
        Tell("afterwards, as usual", after);
        var held = over.At(99);
        foreach (var (status, count) in over.Statuses.OrderByDescending(each => each.Value))
            Console.WriteLine(FormattableString.Invariant($"  of refusals read to the end, {count}: status {status}"));

        // Three seconds on end are as usual.
        var unusual = Unusual(after, usualP99);
        var back = Enumerable.Range(0, AfterSeconds + 1).First(second => !unusual.Any(each => each >= second && each < second + 3));
        Console.WriteLine(FormattableString.Invariant(
            $"as before after {back} s; seconds unlike the usual ones: {Unusual(usual, usualP99).Count} of {seconds} before, {unusual.Count} of {AfterSeconds} afterwards"));
        Console.WriteLine(FormattableString.Invariant($"ratio: {held / usualP99:0.00}"));
    }

    // A rate is kept up with where fewer than one in 10,000 is refused for as long as the overload lasts, whatever the database does meanwhile.
    private async Task<(double Rate, OpenLoop.Turn Usual)> UsualAsync()
    {
        for (var rate = await SustainableAsync(); ; rate /= Step)
        {
            var turn = await calls.RunAsync(rate, TimeSpan.FromSeconds(seconds));
            Tell("usual, what it keeps up with", turn);
            if (turn.Refused + turn.Unsent + turn.Cut < turn.Offered / 10_000 || rate < FirstRate)
                return (rate, turn);
        }
    }

    // The seconds of a turn in which calls were refused, or took twice their usual p99.
    private static List<int> Unusual(OpenLoop.Turn turn, double usualP99) =>
        [.. Enumerable.Range(0, (int)turn.Length.TotalSeconds).Where(second =>
            turn.RefusedIn(second, second + 1) > 0 || !(turn.At(99, second, second + 1) < 2 * usualP99))];

    // The rate goes up until calls are refused, or pile up.
    private async Task<double> SustainableAsync()
    {
        for (var rate = FirstRate; ; rate *= Step)
        {
            var turn = await calls.RunAsync(rate, TimeSpan.FromSeconds(4));
            Tell("step", turn);
            if (turn.Refused + turn.Unsent + turn.Cut > turn.Offered / 1000 || turn.Accepted < turn.Offered * 0.98)
                return rate / Step;
        }
    }

    private static void Tell(string what, OpenLoop.Turn turn) => Console.WriteLine(FormattableString.Invariant(
        $"{what,-30}{turn.Offered / turn.Length.TotalSeconds,8:0} a second offered, {turn.Accepted / turn.Length.TotalSeconds,7:0} taken, {turn.Refused / turn.Length.TotalSeconds,7:0} refused, {turn.Unsent} unsent, {turn.Cut} cut; p50 {turn.At(50):0.0} p99 {turn.At(99):0.0} ms"));
}
