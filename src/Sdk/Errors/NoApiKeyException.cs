namespace SingleWindowBridge;

/// <summary>The provider of the key failed, or gave what can be none: nothing was sent. It may do better later, so a watch goes on as
/// after a cut.</summary>
internal sealed class NoApiKeyException(SingleWindowError error, Exception? innerException) : CredentialsException(error, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;

    /// <summary>Asks the provider.</summary>
    public static async ValueTask<string> AskAsync(
        Func<CancellationToken, ValueTask<string>> provider, CancellationToken cancellationToken)
    {
        string? key;
        try
        {
            key = await provider(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new NoApiKeyException(
                Why($"ApiKeyProvider 失败：{exception.Message}", $"The ApiKeyProvider failed: {exception.Message}"), exception);
        }

        return SingleWindowClientOptions.MayBeKey(key)
            ? key ?? ""
            : throw new NoApiKeyException(
                Why(
                    "ApiKeyProvider 给出的密钥含有空格或非 ASCII 字符。",
                    "The key that the ApiKeyProvider gave is not printable ASCII without spaces."),
                null);
    }

    private static SingleWindowError Why(string zh, string en) => new()
    {
        StatusCode = RpcStatusCode.Unauthenticated,
        MessageZh = zh,
        MessageEn = en,
    };
}
