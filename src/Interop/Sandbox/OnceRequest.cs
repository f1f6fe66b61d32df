namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>Something that is to be done to an account once, however often it is asked for.</summary>
/// <param name="id">A UUID that the caller made.</param>
/// <param name="contentHash">What is asked for beside the id: another request under the same id is refused.</param>
/// <param name="answerOf">Makes the answer from the account as it is when that is done.</param>
public sealed class OnceRequest(string id, string contentHash, Func<SandboxAccount, byte[]> answerOf)
{
    /// <summary>A UUID that the caller made.</summary>
    public string Id => id;

    /// <summary>What is asked for beside the id.</summary>
    public string ContentHash => contentHash;

    /// <summary>The answer, the first one for a repeat; null before it is done.</summary>
    public byte[]? Answer { get; private set; }

    /// <summary>Takes the answer that was given before; false where there is none, so that it is to be done now.</summary>
    internal async Task<bool> IsDoneAsync(ISandboxCases cases, string authorityId) =>
        (Answer = await cases.FindAnswerAsync(authorityId, this)) is not null;

    /// <summary>Keeps the answer.</summary>
    internal Task KeepAsync(ISandboxCases cases, SandboxAccount account)
    {
        Answer = answerOf(account);
        return cases.KeepAnswerAsync(account.AuthorityId, this, Answer);
    }
}
