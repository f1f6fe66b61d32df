using System.Collections.Concurrent;
using System.Data.Common;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>
/// Notes when keys and certificates are used. A use costs a flag in memory; it is written some seconds after the first, and then at most
/// once in ten minutes.
/// </summary>
public sealed class CredentialUses(IBridgeDatabase database, TimeProvider clock, ILogger<CredentialUses> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, CredentialUse> uses = new();

    /// <summary>Where the use of a credential is noted.</summary>
    /// <param name="credential">The key's hash, or the certificate's id.</param>
    /// <param name="authorityId">The account.</param>
    public CredentialUse Of(string credential, string authorityId) =>
        uses.GetOrAdd(credential, static (_, authorityId) => new CredentialUse(authorityId), authorityId);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await WriteAsync(stoppingToken);
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    logger.LogError(fault, "When credentials were used could not be noted, and is tried again");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var used = uses.Where(use => use.Value.IsToBeWritten(now, WriteEvery)).ToList();
        if (used.Count == 0)
            return;

        try
        {
            await database.WriteAsync(
                Scope.Everyone,
                async sql =>
                {
                    foreach (var (credential, use) in used)
                    {
                        await sql.PostAsync(
                            """
                            INSERT INTO credential_uses (credential, authority_id, used_at) VALUES (@credential, @AuthorityId, @now)
                            ON CONFLICT (credential) DO UPDATE SET used_at = excluded.used_at
                            """,
                            new { credential, use.AuthorityId, now = now.ToMicroseconds() });
                    }

                    return true;
                },
                cancellationToken);
            used.ForEach(use => use.Value.Written(now));
        }
        catch (Exception failure) when (failure is DbException || database.IsOutage(failure))
        {
            logger.LogWarning("When credentials were used could not be noted, and is tried again: {Failure}", failure.Message);
        }
    }
}

/// <summary>The use of one credential.</summary>
public sealed class CredentialUse(string authorityId)
{
    private DateTimeOffset writtenAt = DateTimeOffset.MinValue;
    private bool used;

    /// <summary>The account.</summary>
    public string AuthorityId => authorityId;

    /// <summary>Notes that it is used now.</summary>
    public void Touch()
    {
        if (!Volatile.Read(ref used))
            Volatile.Write(ref used, true);
    }

    internal bool IsToBeWritten(DateTimeOffset now, TimeSpan every) => Volatile.Read(ref used) && now - writtenAt >= every;

    internal void Written(DateTimeOffset now)
    {
        writtenAt = now;
        Volatile.Write(ref used, false);
    }
}
