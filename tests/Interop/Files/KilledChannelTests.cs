using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Tests.Xml;

namespace SingleWindowBridge.Interop.Tests.Files;

/// <summary>
/// A process that sends and takes in over the folders is killed with SIGKILL before and after each write and rename, and started
/// again, against a far end that is a script of its own.
/// </summary>
[Collection(Measured.Name)]
public sealed class KilledChannelTests
{
    // Two applications, each received, accepted, approved and answered with the questionnaire; and a file that cannot be read.
    private const int Effects = 9;

    private static readonly string[] Writes = ["message", "file beside", "reason"];
    private static readonly string[] Renames = [.. Writes, "answer", "receipt", "unreadable", "retry"];

    private static readonly string[] Places =
    [
        .. Writes.SelectMany(step => (string[])[$"{step}: before the write", $"{step}: written, not on disk", $"{step}: after the write"]),
        .. Renames.SelectMany(step => (string[])[$"{step}: before the rename", $"{step}: after the rename", $"{step}: on disk"]),
        .. ((string[])["effect", "sent"]).SelectMany(step => (string[])[$"{step}: before the commit", $"{step}: after the commit"]),
    ];

    [Fact]
    public async Task Killed_at_every_step_it_loses_nothing_and_does_nothing_twice()
    {
        using (var whole = new Run())
        {
            Assert.Equal(0, await whole.HostAsync());
            whole.Check("no kill");
            Assert.Equal(Places.Order(StringComparer.Ordinal), whole.Points.Order(StringComparer.Ordinal));
        }

        await Parallel.ForEachAsync(Places, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (place, _) =>
        {
            using var run = new Run();
            var killed = await run.HostAsync(place);
            Assert.True(killed == 137, $"{place}: ended with {killed}\n{run.Errors}");
            var ended = await run.HostAsync();
            Assert.True(ended == 0, $"{place}: after the restart it ended with {ended}\n{run.Errors}");
            run.Check(place);
        });
    }

    /// <summary>A folder, a far end that keeps running, and a host that is killed.</summary>
    private sealed class Run : IDisposable
    {
        private static readonly Dictionary<string, string> Built = typeof(Run).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(a => a.Key is "RepositoryRoot" or "Configuration").ToDictionary(a => a.Key, a => a.Value!);

        private readonly string _root = Directory.CreateTempSubdirectory("killed-").FullName;
        private readonly Process _farEnd;

        public Run()
        {
            foreach (var folder in (string[])[Folder, Work, Path.Combine(Folder, "InBox")]) Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(Folder, "InBox", "broken.xml"), "<Message");
            _farEnd = Start(
                "python3", Path.Combine(Built["RepositoryRoot"], "tests", "EndToEnd", "FarEnd", "far_end.py"), Folder, "--scenario", "send_failed",
                "--state", State, "--poll", "0.02");
        }

        public string Errors { get; private set; } = "";

        public string[] Points => File.ReadAllLines(Path.Combine(Work, "points"));

        private string Folder => Path.Combine(_root, "exchange");

        private string Work => Path.Combine(_root, "work");

        private string State => Path.Combine(_root, "far_end.json");

        /// <summary>Runs the host, to be killed at a place or to its end, and gives its exit code.</summary>
        public async Task<int> HostAsync(string? place = null)
        {
            using var host = Start(
                "dotnet",
                [
                    Path.Combine(
                        Built["RepositoryRoot"], "tests", "KillableHost", "bin", Built["Configuration"], "net10.0",
                        "SingleWindowBridge.Interop.KillableHost.dll"),
                    Folder, Work, $"{Effects}", .. place is null ? Array.Empty<string>() : [place],
                ]);
            using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var (errors, _) = (host.StandardError.ReadToEndAsync(timeout.Token), host.StandardOutput.ReadToEndAsync(timeout.Token));
            await host.WaitForExitAsync(timeout.Token);
            Errors = await errors;
            return host.ExitCode;
        }

        public void Check(string place)
        {
            using var state = JsonDocument.Parse(File.ReadAllText(State));
            var taken = state.RootElement.GetProperty("taken").EnumerateObject().Select(message => message.Name).ToHashSet();
            var sent = File.ReadAllLines(Path.Combine(Work, "sent"));
            Assert.True(sent.Length == 2 && taken.SetEquals(sent), $"{place}: sent {sent.Length}, taken {taken.Count}");
            // Each application had its effect at the far end once, however often it was sent.
            foreach (var @case in state.RootElement.GetProperty("cases").EnumerateObject())
            {
                Assert.True(@case.Value.GetProperty("counts").GetProperty("Application").GetInt32() == 1, $"{place}: applied twice there");
                Assert.True(@case.Value.GetProperty("sequence").GetInt32() == 4, $"{place}: another number of acts");
            }

            // What Customs said was applied, each once, and is kept.
            var applied = File.ReadAllLines(Path.Combine(Work, "applied"));
            var kept = Directory.EnumerateFiles(Path.Combine(Folder, "InBox", "Done")).Select(path => MessageSamples.Read(File.ReadAllBytes(path)).Body)
                .OfType<CustomsReceipt>().Select(receipt => receipt.MessageId).ToList();
            Assert.True(applied.Length == Effects && applied.Distinct().Count() == Effects, $"{place}: {applied.Length} effects");
            Assert.True(kept.Count == Effects - 1 && kept.All(applied.Contains), $"{place}: {kept.Count} receipts in Done");
            Assert.True(File.Exists(Path.Combine(Folder, "FailBox", "broken.xml")), $"{place}: the broken file is gone");
            Assert.True(File.Exists(Path.Combine(Folder, "FailBox", "broken.xml.reason.json")), $"{place}: the reason is gone");
            Assert.False(Directory.EnumerateFiles(Path.Combine(Folder, "OutBox")).Any(), $"{place}: something is left in OutBox");
        }

        public void Dispose()
        {
            _farEnd.Kill();
            _farEnd.WaitForExit();
            _farEnd.Dispose();
            Directory.Delete(_root, recursive: true);
        }

        private static Process Start(string program, params string[] arguments)
        {
            var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            return Process.Start(start)!;
        }
    }
}
