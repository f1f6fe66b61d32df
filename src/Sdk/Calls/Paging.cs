using System.Runtime.CompilerServices;

namespace SingleWindowBridge;

/// <summary>Listings read page after page.</summary>
internal static class Paging
{
    public static async IAsyncEnumerable<T> AllAsync<T>(
        Func<string?, CancellationToken, Task<Page<T>>> page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var next = await page(token, cancellationToken).ConfigureAwait(false);
            foreach (var item in next.Items)
                yield return item;
            token = next.NextPageToken;
        }
        while (token is not null);
    }
}
