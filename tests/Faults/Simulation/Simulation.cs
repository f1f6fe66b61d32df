using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Exchange;

namespace SingleWindow.Tests.Simulation;

/// <summary>
/// One seed: clients, one or two servers on one database, and Customs, for some steps in bad weather; then the weather clears, everything
/// comes to rest, and is compared. All on one thread, and nothing happens that the seed does not decide.
/// </summary>
internal sealed class Simulation
{
    /// <summary>When every seed begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly Random random;
    private readonly Ground ground;
    private readonly SimulatedThread thread;
    private readonly SimulatedProcess desk;
    private readonly SimulatedClock clock;
    private readonly List<string> trace = [];
    private readonly Dictionary<string, string> names = [];
    private readonly List<Task> asking = [];
    private readonly DeliveryOptions delivery;
    private SimulatedServer?[] servers;
    private int serversMade;
    private int requests;

    private Simulation(Ground ground, int seed, TimeSpan after = default)
    {
        (this.ground, Seed) = (ground, seed);
        random = new Random(seed);
        clock = new SimulatedClock(Start + after);
        thread = new SimulatedThread(random);
        desk = new SimulatedProcess(thread);
        Around = new Surroundings(random, clock);
        delivery = new DeliveryOptions { Attempts = random.Next(2, 6) };
        servers = [];
        Books = new Books(ground, NameOf, Changed);
    }

    /// <summary>The seed.</summary>
    public int Seed { get; }

    /// <summary>What happened how often.</summary>
    public SeedCounts Counts { get; } = new();

    /// <summary>What surrounds the servers.</summary>
    public Surroundings Around { get; }

    /// <summary>All that was committed.</summary>
    public Books Books { get; }

    /// <summary>Runs a seed.</summary>
    public static SeedRun Run(Ground ground, int seed)
    {
        ground.Restore();
        var simulation = new Simulation(ground, seed, TimeSpan.FromDays(1));
        BreachException? breach = null;
        try
        {
            new Play(simulation, ground, simulation.random).Run();
        }
        catch (BreachException found)
        {
            breach = found;
        }
        finally
        {
            simulation.Books.Dispose();
        }

        simulation.Counts.Changes = simulation.Books.Changes;
        simulation.Counts.Submissions = simulation.Around.AtCustoms.Count;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', simulation.trace))));
        return new SeedRun(seed, breach, hash, simulation.trace, simulation.Counts);
    }

    /// <summary>Runs what is to be there before any seed.</summary>
    public static void Prepare(Ground ground, Action<Simulation> what)
    {
        var simulation = new Simulation(ground, 0) { servers = new SimulatedServer?[1] };
        try
        {
            simulation.StartServers();
            what(simulation);
        }
        catch (BreachException failed)
        {
            throw new InvalidOperationException($"The start of all seeds cannot be made:\n{string.Join('\n', simulation.trace)}", failed);
        }
        finally
        {
            simulation.Books.Dispose();
        }
    }

    /// <summary>Has so many servers.</summary>
    public void Have(int count)
    {
        servers = new SimulatedServer?[count];
        StartServers();
    }

    /// <summary>Starts every server that is not there.</summary>
    public void StartServers()
    {
        for (var place = 0; place < servers.Length; place++)
            servers[place] ??= NewServer();
    }

    /// <summary>Starts one that is not there.</summary>
    public void StartOne()
    {
        var place = Array.IndexOf(servers, null);
        if (place >= 0)
            servers[place] = NewServer();
    }

    /// <summary>Kills one.</summary>
    public void Crash()
    {
        var place = random.Next(servers.Length);
        if (servers[place] is not { } dead)
            return;
        Say($"server {dead.Number} dies");
        Counts.Crashes++;
        servers[place] = null;
        dead.Kill();
        CheckFaults(dead);
    }

    /// <summary>One of the servers that are there; null where none is.</summary>
    public SimulatedServer? AnyServer() => servers[random.Next(servers.Length)] ?? Array.Find(servers, it => it is not null);

    /// <summary>Whether nothing that was begun is under way.</summary>
    public bool IsIdle => asking.TrueForAll(task => task.IsCompleted) && servers.All(it => it is null or { IsIdle: true });

    /// <summary>How many requests wait for an answer.</summary>
    public int Asking => asking.Count(task => !task.IsCompleted);

    /// <summary>What waits somewhere, in the database or on the way; empty where all is at rest.</summary>
    public string Waiting
    {
        get
        {
            if (!IsIdle)
                return "something is under way";
            if (Around.LateReceipts.Count + Around.LateSubmissions.Count > 0)
                return $"late receipts {Around.LateReceipts.Count}, late submissions {Around.LateSubmissions.Count}";
            using var command = ground.Connection.CreateCommand();
            command.CommandText =
                """
                SELECT CONCAT_WS(', ',
                    (SELECT 'outbox of ' || GROUP_CONCAT(case_id) FROM main.outbox WHERE state <> 1),
                    (SELECT 'acts of Customs on ' || GROUP_CONCAT(case_number) FROM main.sandbox_cases WHERE pending <> 0),
                    (SELECT 'messages of Customs: ' || GROUP_CONCAT(case_number || ' ' || event || ': ' || detail_en)
                        FROM main.customs_messages WHERE state = 2))
                """;
            return (string)command.ExecuteScalar()!;
        }
    }

    /// <summary>Has a client ask for a change until it knows what came of it.</summary>
    public void Ask(ClientRequest request)
    {
        var number = ++requests;
        Say($"request {number}: {request.Who.Id} asks for {request.Event} {request.Stage} of {NameOf(request.CaseId)}{(request.Etag.Length > 0 ? " at version " + request.Etag : "")}");
        Books.Asked(request);
        asking.RemoveAll(task => task.IsCompletedSuccessfully);
        asking.Add(desk.Within(() => AskAsync(request, number)));
    }

    /// <summary>A request id that nobody has used.</summary>
    public string NewRequestId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    /// <summary>Runs what is ready, in bad weather with deaths between.</summary>
    public void Settle()
    {
        while (thread.RunOne())
        {
            if (Around.Happens(Around.Weather.Crash))
                Crash();
        }

        foreach (var server in servers)
        {
            if (server is not null)
                CheckFaults(server);
        }

        if (ground.Logged is { } logged)
            throw new BreachException(BreachKind.Lost, $"A server logged an error: {logged}");
        foreach (var task in asking)
        {
            if (task is { IsFaulted: true, Exception.InnerException: { } failure })
                throw failure as BreachException ?? new BreachException(BreachKind.Lost, $"A client failed: {failure}");
        }

        Books.Look();
    }

    /// <summary>Lets time pass, with all that is due in it.</summary>
    public void Pass(TimeSpan time)
    {
        var until = clock.GetTimestamp() + time.Ticks;
        while (clock.RingNext(until))
            Settle();
        Settle();
    }

    /// <summary>A turn of everything that runs in the servers.</summary>
    public void TurnAll()
    {
        foreach (var server in servers)
        {
            server?.Deliver();
            server?.Receive();
            server?.LookAtWaiting();
            if (Around.LateSubmissions.Count > 0)
                server?.BringLate();
        }

        Settle();
    }

    /// <summary>Adds a line to the trace.</summary>
    public void Say(string what) => trace.Add(string.Create(CultureInfo.InvariantCulture, $"{clock.Gone.TotalSeconds,10:F6} {what}"));

    private SimulatedServer NewServer()
    {
        Say($"server {++serversMade} starts");
        return new SimulatedServer(ground, Around, thread, delivery, serversMade);
    }

    private static void CheckFaults(SimulatedServer server)
    {
        if (server.Fault is { } fault)
            throw new BreachException(BreachKind.Lost, $"Server {server.Number} failed: {fault}");
    }

    private async Task AskAsync(ClientRequest request, int number)
    {
        var attempts = new SimulatedAttempts(() => Books.IsDone(request));
        for (var repeats = 0; ;)
        {
            var reply = AnyServer() is { } server ? await server.CallAsync(request.AskAsync, attempts) : Reply.Unknown;
            if (reply.Fault is { } fault)
                throw new BreachException(BreachKind.Lost, $"Request {number}, {request.Event}, failed: {fault}");
            if (reply == Reply.Unknown)
            {
                Counts.AskedAgain++;
                Say($"request {number}: nobody knows, asked again");
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 2_000)), clock);
                continue;
            }

            if (reply.Refusal is { } refusal)
            {
                Say($"request {number}: {refusal.Reason}");
                Counts.Refused++;
                if (repeats > 0)
                    throw new BreachException(BreachKind.Doubled, $"Request {number}, {request.Event}, was accepted and is refused as {refusal.Reason} when asked again");
                Books.Refused(request, refusal, reply.MayComeLate);
                return;
            }

            Say($"request {number}: done");
            Books.Answered(request, reply.Answer!);
            if (repeats++ == 0)
                Counts.Accepted++;
            if (random.Next(8) > 0)
                break;
            Say($"request {number}: asked again, though it is known");
        }

        if (random.Next(30) == 0)
            await ReuseAsync(request with { HasOtherContent = true });
    }

    // The same id with another content is refused, however often.
    private async Task ReuseAsync(ClientRequest request)
    {
        if (request.Stage != Stage.Application || request.Event is not (CaseEvent.Save or CaseEvent.Submit))
            return;
        var attempts = new SimulatedAttempts(() => Books.IsDone(request));
        while (true)
        {
            var reply = AnyServer() is { } server ? await server.CallAsync(request.AskAsync, attempts) : Reply.Unknown;
            if (reply.Refusal is { Reason: ErrorReason.RequestIdReused })
                return;
            if (reply != Reply.Unknown)
                throw new BreachException(BreachKind.Doubled, $"{request.Event} with a used id and another content was not refused: {reply}");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 2_000)), clock);
        }
    }

    private void Changed(KnownCase on, string before, CaseStep step)
    {
        var row = $"{on.Kind} {before}: {step.Actor} {step.Event}";
        Counts.Rows[row] = Counts.Rows.GetValueOrDefault(row) + 1;
        Say($"{on.Name} {before}: {step.Actor} {step.Event} -> {on.Place}, version {step.Version}");
    }

    private string NameOf(string caseId)
    {
        if (caseId.Length == 0)
            return "a new case";
        if (!names.TryGetValue(caseId, out var name))
            names[caseId] = name = $"case {names.Count + 1}";
        return name;
    }
}
