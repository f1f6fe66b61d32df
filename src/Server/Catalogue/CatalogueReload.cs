using System.Runtime.InteropServices;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>
/// Takes up an operator's changes to the catalogue folder while the server runs: when the files have changed and then stood still for
/// one look, and at SIGHUP. The changes are taken whole or not at all; what is wrong with them goes to the log.
/// </summary>
public sealed class CatalogueReload(
    FoodCatalogue catalogue, IConfiguration configuration, TimeProvider clock, ILogger<CatalogueReload> logger) : BackgroundService
{
    private readonly string? folder = configuration["Bridge:CatalogueFolder"];
    private readonly TimeSpan interval = configuration.GetValue("Bridge:CatalogueCheck", TimeSpan.FromSeconds(5));

    /// <summary>Reads the files now.</summary>
    /// <returns>Whether they were taken.</returns>
    public bool Reload()
    {
        try
        {
            catalogue.Reload();
            logger.LogInformation("The catalogue folder {Folder} was read anew", folder);
            return true;
        }
        catch (Exception refusal)
        {
            logger.LogError("The catalogue folder {Folder} was not taken, what was read before stays in force: {Faults}", folder,
                refusal is InvalidDataException ? refusal.Message : refusal.ToString());
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (folder is null)
            return;
        using var asked = new SemaphoreSlim(0);
        using var hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            asked.Release();
        });

        // The files may have changed since the server read them at its start, so they are read once more.
        var (taken, last) = ("", Fingerprint());
        while (!stoppingToken.IsCancellationRequested)
        {
            var told = await WaitAsync(asked, stoppingToken);
            var now = Fingerprint();
            if (told || (now != taken && now == last))
            {
                Reload();
                taken = now;
            }

            last = now;
        }
    }

    // Whether the operator asked, rather than the time having passed.
    private async Task<bool> WaitAsync(SemaphoreSlim asked, CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var signal = asked.WaitAsync(either.Token);
        await Task.WhenAny(signal, Task.Delay(interval, clock, either.Token));
        await either.CancelAsync();
        await ((Task)signal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return signal.IsCompletedSuccessfully;
    }

    // A folder that can't be looked at is one that has changed; reading it tells why.
    private string Fingerprint()
    {
        try
        {
            return DataFiles.Fingerprint(folder!);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }
}
