using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Audit;

/// <summary>Writes a signed head of the audit into a folder, at the start of the server and then at intervals.</summary>
public sealed class HeadExport(
    IBridgeDatabase database, Signer key, AuditOptions options, TimeProvider clock, ILogger<HeadExport> logger) : BackgroundService
{
    /// <summary>Writes a head now, and gives the file's path.</summary>
    /// <param name="folder">Where to; made where it is not there.</param>
    /// <param name="database">Whose audit it is.</param>
    /// <param name="key">The key that signs.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string> WriteAsync(
        string folder, IBridgeDatabase database, Signer key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var head = await AuditHead.MakeAsync(database, key, now, cancellationToken);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, head.FileName);

        // Whole or not there at all: whoever carries the files away may look at any moment.
        var draft = Path.Combine(folder, $".{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(draft, head.ToJson(), cancellationToken);
        File.Move(draft, path, overwrite: true);
        return path;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.HeadFolder.Length == 0)
            return;

        using var timer = new PeriodicTimer(options.HeadEvery, clock);
        do
        {
            try
            {
                var path = await WriteAsync(options.HeadFolder, database, key, clock.GetUtcNow(), stoppingToken);
                logger.LogInformation("A signed head of the audit was written: {Path}", path);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(failure, "The head of the audit could not be written to {Folder}; it is tried again in {Every}",
                    options.HeadFolder, options.HeadEvery);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

/// <summary>The settings under Audit.</summary>
public sealed class AuditOptions
{
    /// <summary>Where signed heads are written; empty for nowhere.</summary>
    public string HeadFolder { get; set; } = "";

    /// <summary>How often.</summary>
    public TimeSpan HeadEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static AuditOptions Of(IConfiguration configuration)
    {
        var options = configuration.GetSection("Audit").Get<AuditOptions>() ?? new AuditOptions();
        return options.HeadEvery > TimeSpan.Zero ? options : throw new InvalidOperationException("Audit:HeadEvery must be more than zero.");
    }
}
