using System.Data.Common;
using SingleWindowBridge.Server.Storage;

namespace SingleWindow.Tests.Simulation;

/// <summary>The way between a server and the database: what goes over it takes its time, fails, or is done and said to have failed.</summary>
internal sealed class SimulatedDatabase(IBridgeDatabase whole, Surroundings around) : IBridgeDatabase
{
    public Task PrepareAsync(CancellationToken cancellationToken) => whole.PrepareAsync(cancellationToken);

    public async Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken)
    {
        await around.WayAsync(cancellationToken);
        Fail(around.Weather.DatabaseRefuses, done: false);
        return await whole.OpenAsync(scope, cancellationToken);
    }

    public async Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
    {
        await around.WayAsync(cancellationToken);
        Fail(around.Weather.DatabaseRefuses, done: false);
        var answer = await whole.WriteAsync(
            scope,
            async sql =>
            {
                var made = await work(sql);
                Fail(around.Weather.CommitFails, done: false);
                return made;
            },
            cancellationToken);

        // It is committed: whoever asked for it is told, whatever he wants by now.
        await around.WayAsync(CancellationToken.None);
        Fail(around.Weather.DatabaseLies, done: true);
        return answer;
    }

    public long AccountsMark() => 0;

    public void Tell(string channel, string word) => whole.Tell(channel, word);

    public void Hear(string channel, Action<string> heard, Action deaf) => whole.Hear(channel, heard, deaf);

    public bool IsOutage(Exception failure) => whole.IsOutage(failure);

    public bool IsOfText(DbException failure) => whole.IsOfText(failure);

    private void Fail(int rate, bool done)
    {
        if (around.Happens(rate))
            throw Injected.OfDatabase(done);
    }
}
