using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.Bench.Flood;

/// <summary>
/// One honest client by the SDK beside floods, in turns: quiet, flood, quiet, flood. The server runs with its own defaults. The floods come
/// at the lowest priority and from one core, as a machine of their own would not take the server's processors.
/// </summary>
internal sealed partial class FloodBench(Process server, string folder, int seconds)
{
    private const int Port = 5441;
    private const string HonestKey = "swb_sandbox_bench_honest";
    private const string FloodKey = "swb_sandbox_bench_flood";
    private const string List = "/singlewindow.bridge.v1.CaseService/ListCases";
    private static readonly string Address = $"http://127.0.0.1:{Port}";

    // 100 calls a second are very many for an office, and few for the server; fewer would say little of the slowest hundredth.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private const int Rounds = 3;

    /// <summary>Runs it: [seconds of each turn [first letters of the only flood]].</summary>
    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 15;
        var folder = Directory.CreateTempSubdirectory("flood-bench-").FullName;
        var assembly = Path.Combine(Environment.GetEnvironmentVariable("BENCH_ROOT")!, "src/Server/bin/Release/net10.0/SingleWindowBridge.Server.dll");
        using var server = Start("dotnet", [assembly, $"--Bridge:Database={folder}/bridge.db", "--urls", Address, .. Account(0, "honest", HonestKey), .. Account(1, "flood", FloodKey)]);
        try
        {
            await new FloodBench(server, folder, seconds).MeasureAsync(args.Length > 1 ? args[1] : "");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureAsync(string only)
    {
        await using var honest = new SingleWindowClient(new SingleWindowClientOptions(Address, HonestKey));
        var caseId = await UntilAsync(async () => (await honest.Applications.SaveAsync(new Application())).Case.Id);
        var file = await UploadAsync();
        await File.WriteAllBytesAsync(Path.Combine(folder, "empty"), new byte[5]);
        await CallAsync(honest, caseId, TimeSpan.FromSeconds(Math.Min(seconds, 10)));

        Console.WriteLine(FormattableString.Invariant(
            $"{Environment.ProcessorCount} cores shared by the server, the honest client and the flood; load {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}; {seconds} s a turn"));
        Console.WriteLine($"{"flood",-58}{"quiet p50",10}{"p99 ms",8}{"flood p50",10}{"p99 ms",8}{"ratio",7}{"calls",7}{"MiB before",11}{"most",6}{"after",6}  flood's own word");
        string[] bad = ["-H", "authorization: Bearer swb_sandbox_wrong"];
        string[] good = ["-H", $"authorization: Bearer {FloodKey}"];
        var worst = 0.0;
        foreach (var (name, start) in new (string, Func<Process>)[]
        {
            ("calls without a key, 20 connections of 100 streams", () => H2Load("20", "100", [])),
            ("calls with bad keys, 20 connections of 100 streams", () => H2Load("20", "100", bad)),
            ("calls of another account, 4 connections of 100 streams", () => H2Load("4", "100", good)),
            ("connections, 400 at once with 10 streams", () => H2Load("400", "10", good)),
            ("streams opened and reset at once, 10 connections", () => ByHand("resets", FloodKey, file)),
            ("slow uploads, 50 connections of 20 streams", () => ByHand("bodies", FloodKey, file)),
            ("downloads that are not read, 50 connections of 20 streams", () => ByHand("reads", FloodKey, file)),
            ("headers without end, 10 connections", () => ByHand("headers", FloodKey, file)),
        })
        {
            if (name.StartsWith(only, StringComparison.Ordinal))
                worst = Math.Max(worst, await CompareAsync(honest, caseId, name, start));
        }

        Console.WriteLine(FormattableString.Invariant($"worst ratio: {worst:0.00}"));
    }

    // Quiet before each flood of several, so that what drifts on the machine drifts for both.
    private async Task<double> CompareAsync(SingleWindowClient honest, string caseId, string name, Func<Process> start)
    {
        var (quiet, flooded) = (new List<double>(), new List<double>());
        var (before, most, said) = (Resident(), 0L, "");
        for (var round = 0; round < Rounds; round++)
        {
            quiet.AddRange(await CallAsync(honest, caseId, TimeSpan.FromSeconds(seconds)));
            using var flood = start();
            var output = flood.StandardOutput.ReadToEndAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
            flooded.AddRange(await CallAsync(honest, caseId, TimeSpan.FromSeconds(seconds), () => most = Math.Max(most, Resident())));
            // h2load ends by itself, and tells what became of its calls.
            if (!flood.StartInfo.ArgumentList.Contains("h2load") || !flood.WaitForExit(TimeSpan.FromSeconds(5)))
                flood.Kill(entireProcessTree: true);
            said = Summary(await output);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        quiet.Sort();
        flooded.Sort();
        var (calm, held) = (At(quiet, 99), At(flooded, 99));
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-58}{At(quiet, 50),10:0.00}{calm,8:0.00}{At(flooded, 50),10:0.00}{held,8:0.00}{held / calm,7:0.00}{flooded.Count,7}{before >> 20,11}{most >> 20,6}{Resident() >> 20,6}  {said}"));
        return held / calm;
    }

    private static double At(List<double> sorted, int percent) => sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];

    // One call at a time, at a steady pace; every one must succeed at once.
    private static async Task<List<double>> CallAsync(SingleWindowClient honest, string caseId, TimeSpan length, Action? each = null)
    {
        var times = new List<double>();
        using var pace = new PeriodicTimer(Pace);
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < length)
        {
            await pace.WaitForNextTickAsync();
            var at = Stopwatch.GetTimestamp();
            if (times.Count % 5 == 0)
                await honest.Cases.ListPageAsync();
            else
                await honest.Cases.GetAsync(caseId);
            times.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            if (times.Count % 20 == 0)
                each?.Invoke();
        }

        return times;
    }

    private static async Task<string> UploadAsync()
    {
        await using var client = new SingleWindowClient(new SingleWindowClientOptions(Address, FloodKey));
        const string Start = "%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n%";
        var table = Start.Length + 4_000_001;
        var pdf = $"{Start}{new string(' ', 4_000_000)}\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer << /Size 2 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n";
        return (await client.Files.UploadAsync(new MemoryStream(System.Text.Encoding.ASCII.GetBytes(pdf)), "large.pdf")).Id;
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (SingleWindowException) when (tries < 60)
            {
                await Task.Delay(500);
            }
        }
    }

    private static string LastCore => (Environment.ProcessorCount - 1).ToString(CultureInfo.InvariantCulture);

    private Process H2Load(string connections, string streams, string[] headers) => Start("taskset",
    [
        "-c", LastCore, "nice", "-n", "19", "h2load", "-D", $"{seconds + 1}", "-c", connections, "-m", streams, "-t", "1", "-d", Path.Combine(folder, "empty"),
        "-H", "content-type: application/grpc", "-H", "te: trailers", .. headers, Address + List,
    ]);

    private static Process ByHand(string kind, string key, string file) => Start("taskset",
        ["-c", LastCore, "nice", "-n", "19", "dotnet", typeof(FloodBench).Assembly.Location, "flood", kind, Port.ToString(CultureInfo.InvariantCulture), key, file]);

    private static string[] Account(int index, string id, string key) =>
    [
        $"--Sandbox:Accounts:{index}:Id=bench-{id}", $"--Sandbox:Accounts:{index}:Country=AW", $"--Sandbox:Accounts:{index}:NameZh=测试",
        $"--Sandbox:Accounts:{index}:NameEn=Bench", $"--Sandbox:Accounts:{index}:Key={key}", $"--Sandbox:Accounts:{index}:CategoryScope:0=AQUATIC",
    ];

    private static Process Start(string program, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        if (program == "dotnet")
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
        }

        return process;
    }

    private long Resident()
    {
        server.Refresh();
        return server.WorkingSet64;
    }

    private static string Summary(string output) => WordPattern().Matches(output).LastOrDefault()?.Groups[1].Value.Trim() ?? "";

    [GeneratedRegex(@"^(?:flood|requests): (.*)$", RegexOptions.Multiline)]
    private static partial Regex WordPattern();
}
