using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.Bench.Wire;

/// <summary>What h2load sends: one gRPC call, over and over, each with the same body.</summary>
/// <param name="Path">The method.</param>
/// <param name="BodyFile">A file with the framed request.</param>
/// <param name="Key">The API key.</param>
/// <param name="ResponseBytes">The bytes of data that a right response has, frames of gRPC and all.</param>
/// <param name="Connections">How many connections.</param>
/// <param name="Streams">How many calls at once on each.</param>
internal sealed record Load(string Path, string BodyFile, string Key, long ResponseBytes, int Connections, int Streams);

/// <summary>One run of h2load.</summary>
/// <param name="Calls">The calls made.</param>
/// <param name="Seconds">How long they took.</param>
/// <param name="Processor">The processor time that the server used.</param>
internal sealed record LoadResult(int Calls, double Seconds, TimeSpan Processor)
{
    /// <summary>Calls a second.</summary>
    public double Rate => Calls / Seconds;

    /// <summary>Microseconds of the server's processor time a call.</summary>
    public double Cost => Processor.TotalMicroseconds / Calls;
}

/// <summary>Runs h2load and reads what it says.</summary>
internal static partial class H2Load
{
    /// <summary>Makes so many calls.</summary>
    /// <exception cref="InvalidOperationException">A response was not 200, or not all data came.</exception>
    public static async Task<LoadResult> RunAsync(ServerProcess server, Load load, int calls)
    {
        string[] arguments =
        [
            "-n", Text(calls), "-c", Text(load.Connections), "-m", Text(load.Streams), "-t", "1", "-w", "30", "-W", "30",
            "-d", load.BodyFile, "-H", "content-type: application/grpc", "-H", "te: trailers",
            "-H", $"authorization: Bearer {load.Key}", server.Address + load.Path,
        ];
        var before = server.Processor;
        using var process = Process.Start(new ProcessStartInfo("h2load", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var processor = server.Processor - before;

        // A refused call has trailers only; so the size of the data tells whether all calls were answered in full.
        var ok = Number(SuccessPattern().Match(output));
        var data = Number(DataPattern().Match(output));
        if (ok != calls || data != calls * load.ResponseBytes)
            throw new InvalidOperationException($"{load.Path}: {ok} of {calls} answered, {data} bytes of {calls * load.ResponseBytes}\n{output}");
        return new LoadResult(calls, Seconds(TimePattern().Match(output)), processor);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(Match match) =>
        match.Success ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : -1;

    private static double Seconds(Match match) =>
        double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
        {
            "us" => 1e-6,
            "ms" => 1e-3,
            "s" => 1,
            _ => throw new InvalidOperationException($"h2load gave a time in {match.Groups[2].Value}"),
        };

    [GeneratedRegex(@"status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx")]
    private static partial Regex SuccessPattern();

    [GeneratedRegex(@"\((\d+)\) data")]
    private static partial Regex DataPattern();

    [GeneratedRegex(@"finished in ([\d.]+)(us|ms|s|m|h)")]
    private static partial Regex TimePattern();
}
