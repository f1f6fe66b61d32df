using System.Collections.Concurrent;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>Keeps the documents as text, as a database would; lives on when a channel is thrown away.</summary>
internal sealed class MemoryStore : ISandboxStore, ISandboxCases
{
    private readonly ConcurrentDictionary<string, string> _documents = new();

    private readonly HashSet<string> _erased = [];

    private readonly Dictionary<string, byte[]> _answers = [];

    private static readonly SemaphoreSlim Turns = new(1, 1);

    /// <summary>Whether the channel that asks is the one that gives out what Customs says.</summary>
    public bool Leads { get; set; } = true;

    /// <summary>What was chosen; the same for every case.</summary>
    public ScenarioChoice? Choice { get; set; }

    /// <summary>The only account; null for one as it begins.</summary>
    public SandboxAccount? Account { get; private set; }

    /// <summary>How the next save fails: before or after the document is written.</summary>
    public (bool Written, Exception Fault)? NextSaveFails { get; set; }

    public int Saves { get; private set; }

    public IReadOnlyCollection<string> Documents => [.. _documents.Values];

    public async Task ChangeAsync(Func<ISandboxCases, Task> change, CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken);
        try
        {
            await change(this);
        }
        finally
        {
            Turns.Release();
        }
    }

    public Task<SandboxNews> LoadAsync(long? after, CancellationToken cancellationToken) =>
        Task.FromResult(new SandboxNews(_documents.Values.Select(SandboxCase.FromJson).ToList(), 0));

    public Task<bool> LeadAsync(CancellationToken cancellationToken) => Task.FromResult(Leads);

    public Task<SandboxCase?> FindAsync(string caseNumber) => Task.FromResult(Find(caseNumber));

    public Task<IReadOnlyList<SandboxCase>> ListPlannedAsync(string authorityId) => Task.FromResult<IReadOnlyList<SandboxCase>>(
        [.. _documents.Values.Select(SandboxCase.FromJson).Where(state => state.Planned.Count > 0)]);

    public Task<SandboxAccount> AccountAsync(string authorityId) =>
        Task.FromResult(Account ?? new SandboxAccount { AuthorityId = authorityId });

    public Task SaveAccountAsync(SandboxAccount account)
    {
        Account = account;
        return Task.CompletedTask;
    }

    public Task RecordAsync(string authorityId, ISandboxCaller caller) => Task.CompletedTask;

    public Task EraseAsync(string authorityId, IEnumerable<string> reviewNumbers)
    {
        Account = null;
        _erased.UnionWith([.. _documents.Keys, .. reviewNumbers]);
        _documents.Clear();
        return Task.CompletedTask;
    }

    public Task<bool> IsErasedAsync(string caseNumber) => Task.FromResult(_erased.Contains(caseNumber));

    public Task<byte[]?> FindAnswerAsync(string authorityId, OnceRequest request) => Task.FromResult(_answers.GetValueOrDefault(request.Id));

    public Task KeepAnswerAsync(string authorityId, OnceRequest request, byte[] answer)
    {
        _answers.Add(request.Id, answer);
        return Task.CompletedTask;
    }

    public async Task SaveAsync(SandboxCase state)
    {
        await Task.Yield();
        Saves++;
        var failure = NextSaveFails;
        NextSaveFails = null;
        if (failure is not { Written: false }) _documents[state.CaseNumber] = state.ToJson();
        if (failure is { } failed) throw failed.Fault;
    }

    public Task<ScenarioChoice?> ChoiceAsync(string caseNumber, string authorityId, CancellationToken cancellationToken) =>
        Task.FromResult(Choice);

    public SandboxCase? Find(string caseNumber) =>
        _documents.TryGetValue(caseNumber, out var text) ? SandboxCase.FromJson(text) : null;

    public IReadOnlyList<PlannedAct> Planned(string caseNumber) => Find(caseNumber)?.Planned ?? [];
}
