using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Receipts;

namespace SingleWindow.Tests.Simulation;

/// <summary>What a client hears: an answer, a refusal, or nothing certain.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Refusal">The refusal.</param>
/// <param name="Fault">A failure that no client should see.</param>
/// <param name="MayComeLate">With a refusal: whether another attempt was on its way then that may yet have its effect.</param>
internal sealed record Reply(IMessage? Answer = null, BridgeException? Refusal = null, Exception? Fault = null, bool MayComeLate = false)
{
    /// <summary>Nobody knows what became of the call.</summary>
    public static readonly Reply Unknown = new();
}

/// <summary>The attempts that a client makes at one thing: those that it has given up may be on their way still.</summary>
/// <param name="isDone">Whether it is done by now.</param>
internal sealed class SimulatedAttempts(Func<bool> isDone)
{
    private readonly List<SimulatedProcess> underWay = [];

    /// <summary>One goes to a server.</summary>
    public void Begin(SimulatedProcess to) => underWay.Add(to);

    /// <summary>One has ended, in an effect or in none.</summary>
    public void End(SimulatedProcess at) => underWay.Remove(at);

    /// <summary>Whether one is on its way, and none has had its effect yet.</summary>
    public bool MayHaveEffect => underWay.Exists(it => !it.IsDead) && !isDone();
}

/// <summary>A server: its parts as the composition puts them together, and what runs of them by turns.</summary>
internal sealed class SimulatedServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly Surroundings around;
    private readonly SimulatedProcess process;
    private readonly IServiceProvider parts;
    private readonly HashSet<TaskCompletionSource<Reply>> open = [];
    private readonly List<Task> handedOver = [];
    private Task delivering = Task.CompletedTask;
    private Task receiving = Task.CompletedTask;
    private Task looking = Task.CompletedTask;

    public SimulatedServer(Ground ground, Surroundings around, SimulatedThread thread, DeliveryOptions delivery, int number)
    {
        this.around = around;
        Number = number;
        process = new SimulatedProcess(thread);
        parts = process.Within(() => ground.NewServer(around, process.Scheduler, delivery));
    }

    /// <summary>Counts the servers of the seed.</summary>
    public int Number { get; }

    /// <summary>Whether nothing of it is under way.</summary>
    public bool IsIdle => open.Count == 0 && delivering.IsCompleted && receiving.IsCompleted && looking.IsCompleted
        && handedOver.TrueForAll(task => task.IsCompleted);

    /// <summary>A failure that nobody has brought about; null for none.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>A part of it.</summary>
    public T Get<T>()
        where T : notnull => parts.GetRequiredService<T>();

    /// <summary>Kills it: whoever waits for it hears that the connection broke, and nothing of it goes on.</summary>
    public void Kill()
    {
        process.Kill();
        foreach (var reply in open.ToList())
            reply.TrySetResult(Reply.Unknown);
    }

    /// <summary>Has it serve a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="attempts">Those of its client.</param>
    public async Task<Reply> CallAsync(Func<SimulatedServer, Task<IMessage>> call, SimulatedAttempts attempts)
    {
        var reply = new TaskCompletionSource<Reply>();
        open.Add(reply);
        using var patience = around.Clock.CreateTimer(_ => reply.TrySetResult(Reply.Unknown), null, Patience, Timeout.InfiniteTimeSpan);
        attempts.Begin(process);
        _ = process.Within(() => ServeAsync(call, attempts, reply));
        var heard = await reply.Task;
        open.Remove(reply);
        return heard;
    }

    /// <summary>A turn of the delivery.</summary>
    public void Deliver()
    {
        handedOver.RemoveAll(task => task.IsCompleted);
        if (delivering.IsCompleted && handedOver.Count < 16)
            delivering = process.Within(() => GuardAsync(async () => handedOver.AddRange(await Get<Delivery>().BeginAsync(16, CancellationToken.None))));
    }

    /// <summary>A turn of the reception.</summary>
    public void Receive()
    {
        if (receiving.IsCompleted)
            receiving = process.Within(() => GuardAsync(() => Get<Reception>().TakeInNextAsync(CancellationToken.None)));
    }

    /// <summary>A turn of what tries waiting messages again.</summary>
    public void LookAtWaiting()
    {
        if (looking.IsCompleted)
            looking = process.Within(() => GuardAsync(() => Get<WaitingMessages>().LookAsync(CancellationToken.None)));
    }

    /// <summary>A submission that was long on its way comes to Customs once more.</summary>
    public void BringLate() => _ = process.Within(() => GuardAsync(() => Get<SimulatedLink>().BringLateAsync()));

    private async Task ServeAsync(Func<SimulatedServer, Task<IMessage>> call, SimulatedAttempts attempts, TaskCompletionSource<Reply> reply)
    {
        await around.WayAsync(CancellationToken.None);
        if (around.Happens(around.Weather.LostCall))
        {
            attempts.End(process);
            reply.TrySetResult(Reply.Unknown);
            return;
        }

        Reply heard;
        try
        {
            heard = await call(this) is { } answer ? new Reply(Answer: answer) : new Reply(Fault: new InvalidOperationException("The server answered with nothing"));
        }
        catch (BridgeException refusal)
        {
            heard = new Reply(Refusal: refusal);
        }
        catch (SqliteException failure) when (Ground.IsOurs(failure))
        {
            heard = Reply.Unknown;
        }
        catch (Exception fault)
        {
            heard = new Reply(Fault: fault);
        }

        attempts.End(process);
        if (heard.Refusal is not null)
            heard = heard with { MayComeLate = attempts.MayHaveEffect };
        await around.WayAsync(CancellationToken.None);
        reply.TrySetResult(around.Happens(around.Weather.LostAnswer) ? Reply.Unknown : heard);
    }

    private async Task GuardAsync(Func<Task> turn)
    {
        try
        {
            await turn();
        }
        catch (Exception failure) when (Ground.IsOurs(failure))
        {
            // The loop would go on in a second; here its next turn comes when it comes.
        }
        catch (Exception fault)
        {
            Fault ??= fault;
        }
    }
}
