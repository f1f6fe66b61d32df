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
        var after = await calls.RunAsync(rate, TimeSpan.FromSeconds(15));
        Tell(FormattableString.Invariant($"{Times} times of it, {seconds} s"), over);
        Tell("afterwards, as usual", after);
        var held = over.At(99);
        foreach (var (status, count) in over.Statuses.OrderByDescending(each => each.Value))
            Console.WriteLine(FormattableString.Invariant($"  of refusals read to the end, {count}: status {status}"));

        Console.WriteLine(FormattableString.Invariant($"as before after {UnusualUntil(after, usualP99)} s"));
        Console.WriteLine(FormattableString.Invariant($"ratio: {held / usualP99:0.00}"));
    }

    // A rate is kept up with where no second of it is unlike the others: with refusals, or a p99 of twice theirs.
    private async Task<(double Rate, OpenLoop.Turn Usual)> UsualAsync()
    {
        for (var rate = await SustainableAsync(); ; rate /= Step)
        {
            var turn = await calls.RunAsync(rate, TimeSpan.FromSeconds(15));
            Tell("usual, what it keeps up with", turn);
            if (UnusualUntil(turn, turn.At(99)) == 0 || rate < FirstRate)
                return (rate, turn);
        }
    }

    // In seconds of a turn of 15.
    private static int UnusualUntil(OpenLoop.Turn turn, double usualP99)
    {
        var until = 0;
        for (var second = 0; second < 14; second++)
        {
            if (turn.RefusedIn(second, second + 1) > 0 || !(turn.At(99, second, second + 1) < 2 * usualP99))
                until = second + 1;
        }

        return until;
    }

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
