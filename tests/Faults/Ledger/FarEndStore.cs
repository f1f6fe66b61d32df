using System.Collections.Concurrent;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>What a simulated Customs outside the bridge remembers, for as long as the test runs.</summary>
internal sealed class FarEndStore : ISandboxStore, ISandboxCases, IDisposable
{
    private readonly ConcurrentDictionary<string, (SandboxCase State, long Turn)> _cases = new();
    private readonly SemaphoreSlim _turns = new(1, 1);
    private long _turn;

    /// <summary>Whether Customs has nothing more to say.</summary>
    public bool IsIdle => _cases.Values.All(it => it.State.Planned.Count == 0);

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    /// <inheritdoc/>
    public async Task ChangeAsync(Func<ISandboxCases, Task> change, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await change(this);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public Task<SandboxNews> LoadAsync(long? after, CancellationToken cancellationToken)
    {
        var turn = Interlocked.Read(ref _turn);
        return Task.FromResult(new SandboxNews([.. _cases.Values.Where(it => it.Turn > (after ?? 0)).Select(it => it.State)], turn));
    }

    /// <inheritdoc/>
    public Task<bool> LeadAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    /// <inheritdoc/>
    public Task<ScenarioChoice?> ChoiceAsync(string caseNumber, string authorityId, CancellationToken cancellationToken) =>
        Task.FromResult<ScenarioChoice?>(null);

    /// <inheritdoc/>
    public Task<SandboxCase?> FindAsync(string caseNumber) => Task.FromResult(_cases.TryGetValue(caseNumber, out var found) ? found.State : null);

    /// <inheritdoc/>
    public Task SaveAsync(SandboxCase state)
    {
        _cases[state.CaseNumber] = (state, Interlocked.Increment(ref _turn));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxCase>> ListPlannedAsync(string authorityId) => Task.FromResult<IReadOnlyList<SandboxCase>>([]);

    /// <inheritdoc/>
    public Task<SandboxAccount> AccountAsync(string authorityId) => Task.FromResult(new SandboxAccount { AuthorityId = authorityId });

    /// <inheritdoc/>
    public Task SaveAccountAsync(SandboxAccount account) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task RecordAsync(string authorityId, ISandboxCaller caller) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task EraseAsync(string authorityId, IEnumerable<string> reviewNumbers) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> IsErasedAsync(string caseNumber) => Task.FromResult(false);

    /// <inheritdoc/>
    public Task<byte[]?> FindAnswerAsync(string authorityId, OnceRequest request) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task KeepAnswerAsync(string authorityId, OnceRequest request, byte[] answer) => throw new NotSupportedException();
}
