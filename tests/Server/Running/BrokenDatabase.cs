using System.Diagnostics;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>A database that one part of the server cannot use while it is broken for it; all others can.</summary>
internal sealed class BrokenDatabase(IBridgeDatabase whole) : PassedOnDatabase(whole)
{
    private long marks;
    private int asked;

    /// <summary>The class for which it is broken; null for none.</summary>
    public volatile Type? For;

    /// <summary>What it does to that; not to return.</summary>
    public Func<CancellationToken, Task> Break { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether what it throws counts as an outage.</summary>
    public bool BreaksAsOutage { get; set; }

    /// <summary>How often that part has asked while it was broken.</summary>
    public int Asked => Volatile.Read(ref asked);

    public override async Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken)
    {
        await BreakAsync(cancellationToken);
        return await base.OpenAsync(scope, cancellationToken);
    }

    public override async Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
    {
        await BreakAsync(cancellationToken);
        return await base.WriteAsync(scope, work, cancellationToken);
    }

    // So that whoever looks whether something has changed looks every time.
    public override long AccountsMark() => For is null ? base.AccountsMark() : Interlocked.Increment(ref marks);

    public override bool IsOutage(Exception failure) => BreaksAsOutage && failure is ObjectDisposedException || base.IsOutage(failure);

    private async Task BreakAsync(CancellationToken cancellationToken)
    {
        if (For is not { } part || !new StackTrace().GetFrames().Any(frame => IsOf(frame.GetMethod()?.DeclaringType, part)))
            return;

        Interlocked.Increment(ref asked);
        await Break(cancellationToken);
    }

    // An asynchronous method runs in a class inside its own.
    private static bool IsOf(Type? type, Type part) => type is not null && (type == part || IsOf(type.DeclaringType, part));
}
