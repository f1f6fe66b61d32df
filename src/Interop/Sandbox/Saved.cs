namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>Remembers what a change saves.</summary>
internal sealed class Saved(ISandboxCases cases) : ISandboxCases
{
    private readonly Dictionary<string, SandboxCase> _found = [];

    public List<SandboxCase> States { get; } = [];

    public async Task<SandboxCase?> FindAsync(string caseNumber)
    {
        var state = await cases.FindAsync(caseNumber);
        if (state is not null) _found[caseNumber] = state;
        return state;
    }

    public Task<IReadOnlyList<SandboxCase>> ListPlannedAsync(string authorityId) => cases.ListPlannedAsync(authorityId);

    public Task<SandboxAccount> AccountAsync(string authorityId) => cases.AccountAsync(authorityId);

    public Task SaveAccountAsync(SandboxAccount account) => cases.SaveAccountAsync(account);

    public Task EraseAsync(string authorityId, IEnumerable<string> reviewNumbers) => cases.EraseAsync(authorityId, reviewNumbers);

    public Task RecordAsync(string authorityId, ISandboxCaller caller) => cases.RecordAsync(authorityId, caller);

    public Task<byte[]?> FindAnswerAsync(string authorityId, OnceRequest request) => cases.FindAnswerAsync(authorityId, request);

    public Task KeepAnswerAsync(string authorityId, OnceRequest request, byte[] answer) =>
        cases.KeepAnswerAsync(authorityId, request, answer);

    public Task<bool> IsErasedAsync(string caseNumber) => cases.IsErasedAsync(caseNumber);

    public async Task SaveAsync(SandboxCase state)
    {
        if (ReferenceEquals(_found.GetValueOrDefault(state.CaseNumber), state)) return;
        States.Add(state);
        await cases.SaveAsync(state);
    }
}
