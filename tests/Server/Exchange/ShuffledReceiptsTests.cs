using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>
/// All that Customs says about ten cases, shuffled and doubled at random, into the inbox and the database themselves: every case ends
/// as if it had come in order, and has gone the same way. Each authority answers now or later, as it happens.
/// </summary>
public sealed class ShuffledReceiptsTests
{
    // The order of things is the same on PostgreSQL, where each seed takes far longer.
    private static readonly int Seeds = TestDatabase.IsPostgres ? 20 : 1000;
    private const int CasesPerSeed = 10;
    private static readonly int Workers = Math.Max(2, Environment.ProcessorCount);

    private static readonly CustomsFile Paper = new("paper.pdf", SampleFiles.Pdf);

    private static readonly Scenario[] Talking = [.. Scenarios.All.Where(scenario => Play(scenario).Count > 0)];

    [Fact]
    public async Task Every_case_ends_as_if_all_had_come_in_order_and_once()
    {
        var expected = new Dictionary<string, string>();
        await using (var straight = await Ground.OpenAsync())
        {
            foreach (var scenario in Talking)
                expected[scenario.Name] = (await straight.RunAsync([scenario], random: null)).Single();
        }

        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            await using var ground = await Ground.OpenAsync();
            for (var seed = Interlocked.Increment(ref next); seed <= Seeds; seed = Interlocked.Increment(ref next))
            {
                var random = new Random(seed);
                var scenarios = Enumerable.Range(0, CasesPerSeed).Select(_ => Talking[random.Next(Talking.Length)]).ToArray();
                var ends = await ground.RunAsync(scenarios, random);
                for (var index = 0; index < CasesPerSeed; index++)
                {
                    Assert.True(
                        expected[scenarios[index].Name] == ends[index],
                        $"Seed {seed}, case {index}, {scenarios[index].Name}: expected\n{expected[scenarios[index].Name]}\ngot\n{ends[index]}");
                }
            }
        })));
    }

    // What Customs says in a scenario, to an authority that answers as soon as it is asked.
    private static List<CustomsAct> Play(Scenario scenario)
    {
        var said = new List<CustomsAct>();
        var counts = new Dictionary<SubmissionKind, int>();
        var at = new CasePosition(CaseKind.Assessment, Stage.Application, Status.Declared, Submitted: true);
        while (true)
        {
            var kind = KindAt(at.Stage);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            // A review that follows is a case of its own.
            foreach (var act in scenario.Turns.For(kind, counts[kind]).Where(act => act is not StartReview))
            {
                var (stage, status) = Server.Cases.Workflow.Decide(at, Actor.Customs, CustomsActs.EventOf(act)).From(at);
                at = at with { Stage = stage, Status = status };
                said.Add(act is PublishProtocol or ConfirmCertificate ? act with { Files = [Paper] }
                    : act is RequireRectification asked ? asked with { Number = "QH959CSFZ8M2BQ2YZB" }
                    : act);
            }

            if (!IsAsked(at.Status))
                return said;
            at = at with { Status = Status.Declared };
        }
    }

    private static bool IsAsked(Status status) => status is Status.Pending or Status.CorrectionRequired or Status.ReceiveFailed;

    private static SubmissionKind KindAt(Stage stage) => stage switch
    {
        Stage.Application => SubmissionKind.Application,
        Stage.Questionnaire => SubmissionKind.Questionnaire,
        Stage.Assessment => SubmissionKind.Rectification,
        Stage.ProtocolNegotiation => SubmissionKind.ProtocolReply,
        _ => SubmissionKind.CertificateReply,
    };

    /// <summary>A database with the parts that write it, and nothing that runs by itself.</summary>
    private sealed class Ground : IAsyncDisposable
    {
        private const string Prefix = "bridge-shuffled-";

        private readonly string folder;
        private readonly WebApplication app;
        private readonly IBridgeDatabase database;
        private readonly Inbox inbox;
        private readonly CaseWriter writer;

        private Ground(string folder, WebApplication app)
        {
            (this.folder, this.app) = (folder, app);
            database = app.Services.GetRequiredService<IBridgeDatabase>();
            inbox = app.Services.GetRequiredService<Inbox>();
            writer = app.Services.GetRequiredService<CaseWriter>();
        }

        public static async Task<Ground> OpenAsync()
        {
            // Nothing here is about what a disk does, so none is needed where there is memory to write to.
            var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
            RemoveLeftovers(root);
            var folder = Directory.CreateDirectory(Path.Combine(root, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}")).FullName;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Bridge:Database"] = Path.Combine(folder, "bridge.db"),
                ["Sandbox:Accounts:0:Id"] = "first",
                ["Sandbox:Accounts:0:Country"] = "NZ",
                ["Sandbox:Accounts:0:Key"] = "first-authority-key",
                ["Sandbox:Accounts:0:CategoryScope:0"] = "FROZEN_FRUIT",
            });
            builder.Logging.ClearProviders();
            builder.AddBridge();
            var app = builder.Build();
            await app.PrepareBridgeAsync();
            return new Ground(folder, app);
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        // A run that was killed leaves its folders, which are memory; they bear the process that made them.
        private static void RemoveLeftovers(string root)
        {
            foreach (var path in Directory.EnumerateDirectories(root, $"{Prefix}*"))
            {
                var maker = Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
                // Those of before bear none: they are left over when they are old.
                if (int.TryParse(maker, out var process) ? IsAlive(process) : Directory.GetLastWriteTimeUtc(path) > DateTime.UtcNow.AddDays(-1))
                    continue;
                try
                {
                    Directory.Delete(path, recursive: true);
                }
                catch (IOException)
                {
                    // Another run removes it at the same moment.
                }
            }
        }

        private static bool IsAlive(int process)
        {
            try
            {
                using var found = Process.GetProcessById(process);
                return !found.HasExited;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }

        /// <summary>Has Customs say all of the scenarios, a case each: in order, or shuffled and doubled. Gives how each case went.</summary>
        public async Task<string[]> RunAsync(Scenario[] scenarios, Random? random)
        {
            var cases = new List<CaseRow>();
            foreach (var _ in scenarios)
                cases.Add(await ApplyAsync());
            var said = scenarios.SelectMany((scenario, index) => Play(scenario).Select((act, place) => (
                Case: cases[index],
                Receipt: Said.Of(cases[index].Number!, act, place + 1) with { CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(place) }))).ToArray();
            if (random is not null)
            {
                said = [.. said, .. said.Where(_ => random.Next(2) == 0)];
                random.Shuffle(said);
            }

            foreach (var (on, receipt) in said)
            {
                await inbox.TakeInAsync(receipt, CancellationToken.None);
                if (random is null || random.Next(2) == 0)
                    await AnswerAsync(on);
            }

            foreach (var on in cases)
            {
                while (await AnswerAsync(on))
                {
                    // Until nothing more is asked.
                }
            }

            return await Task.WhenAll(cases.Select(CourseAsync));
        }

        private async Task<CaseRow> ApplyAsync() => await database.WriteAsync(
            Scope.Everyone,
            async sql =>
            {
                var now = DateTimeOffset.UtcNow;
                var row = new CaseRow
                {
                    CaseId = Ulids.New(now), AuthorityId = "first", Kind = CaseKind.Assessment, Category = "FROZEN_FRUIT",
                    Products = "FROZEN_FRUIT_ALL", Stage = Stage.Application, Status = Status.Draft,
                };
                sql.InsertCase(row);
                await SubmitAsync(sql, row, now);
                return row;
            },
            CancellationToken.None);

        // As the authority does, and then as the server does by itself after every change. Most often nothing is asked: looking is cheaper
        // than a transaction.
        private async Task<bool> AnswerAsync(CaseRow on)
        {
            Status status;
            bool waits;
            await using (var look = await database.OpenAsync(Scope.Everyone, CancellationToken.None))
            {
                status = (await look.GetCaseAsync("first", on.CaseId)).Status;
                waits = (IsAsked(status) || status == Status.Declared) && await look.AnyWaitingAsync(on.Number!);
            }

            if (IsAsked(status))
            {
                await database.WriteAsync(
                    Scope.Everyone,
                    async sql =>
                    {
                        await sql.LockFeedAsync("first");
                        await SubmitAsync(sql, await sql.GetCaseAsync("first", on.CaseId), DateTimeOffset.UtcNow);
                        return true;
                    },
                    CancellationToken.None);
            }

            if (waits)
                await inbox.SettleWaitingAsync(on.Number!, CancellationToken.None);
            return waits;
        }

        private Task SubmitAsync(Sql sql, CaseRow row, DateTimeOffset now) => writer.ApplyAsync(
            new CaseChange
            {
                Sql = sql, Now = now, Actor = Actor.Authority, Event = CaseEvent.Submit, Case = row,
                Origin = new Origin("AUTHORITY", "", "", "test"),
                Transition = Server.Cases.Workflow.Decide(row.Position, Actor.Authority, CaseEvent.Submit),
            },
            _ => Task.CompletedTask);

        private async Task<string> CourseAsync(CaseRow on)
        {
            await using var sql = await database.OpenAsync(Scope.Everyone, CancellationToken.None);
            var row = await sql.GetCaseAsync("first", on.CaseId);
            var steps = await sql.ListTimelineAsync(row.CaseId, 0, 500);
            var waits = await sql.ListWaitingAsync(row.Number!);
            return string.Join('\n',
            [
                $"{row.Stage} {row.Status} {row.Version} {row.Opinion}, waiting {waits.Count}",
                .. steps.Select(step => $"{step.Event} {step.Stage} {step.Status} {step.Opinion}"),
            ]);
        }
    }
}
