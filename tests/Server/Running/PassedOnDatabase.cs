using System.Data.Common;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>A database that passes everything on to another, for those that do one thing besides.</summary>
public abstract class PassedOnDatabase(IBridgeDatabase whole) : IBridgeDatabase, IAsyncDisposable
{
    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken) => whole.PrepareAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken) => whole.OpenAsync(scope, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken) =>
        whole.WriteAsync(scope, work, cancellationToken);

    /// <inheritdoc/>
    public virtual long AccountsMark() => whole.AccountsMark();

    /// <inheritdoc/>
    public void Tell(string channel, string word) => whole.Tell(channel, word);

    /// <inheritdoc/>
    public void Hear(string channel, Action<string> heard, Action deaf) => whole.Hear(channel, heard, deaf);

    /// <inheritdoc/>
    public virtual bool IsOutage(Exception failure) => whole.IsOutage(failure);

    /// <inheritdoc/>
    public bool IsOfText(DbException failure) => whole.IsOfText(failure);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (whole is IAsyncDisposable closing)
            await closing.DisposeAsync();
        (whole as IDisposable)?.Dispose();
    }
}
