using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>
/// Official numbers, taken from the database's counter 512 at a time: one row that every submission of every authority
/// changes would make them wait for each other. A number is given once; those left over when the server ends are never given.
/// </summary>
/// <param name="database">Where the counter is.</param>
/// <param name="workplace">Where a block is fetched, for whoever waits for it.</param>
public sealed class CaseNumbers(IBridgeDatabase database, TaskScheduler workplace)
{
    private const int Block = 512;

    // More than are taken while the next block is fetched.
    private const int Few = 128;

    private readonly Lock gate = new();
    private readonly Queue<long> free = [];
    private Task fetching = Task.CompletedTask;

    /// <summary>Sees to it that there are some. Not inside a transaction.</summary>
    public ValueTask ReserveAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (free.Count < Few && fetching.IsCompleted)
                fetching = Task.Factory.StartNew(FetchAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, workplace).Unwrap();

            // All who find none wait for the same block.
            return free.Count > 0 ? ValueTask.CompletedTask : new ValueTask(fetching.WaitAsync(cancellationToken));
        }
    }

    /// <summary>The next number of an assessment; null where none is left.</summary>
    public string? TryTake(DateTimeOffset now)
    {
        lock (gate)
            return free.TryDequeue(out var number) ? CaseTable.CaseNumber(now, number) : null;
    }

    private async Task FetchAsync()
    {
        var first = await database.WriteAsync(
            Scope.Everyone, sql => sql.GetAsync<long>(sql.Dialect.NextCaseNumbers), CancellationToken.None);
        lock (gate)
        {
            for (var number = first; number < first + Block; number++)
                free.Enqueue(number);
        }
    }
}
