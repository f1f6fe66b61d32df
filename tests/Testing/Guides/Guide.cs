namespace SingleWindowBridge.Testing.Tests.Guides;

/// <summary>What the guides in docs/guides and the README of the SDK's package show is here between #region and #endregion; eng/guides.sh
/// puts it there. Each is run against a sandbox server.</summary>
public abstract class Guide : IAsyncLifetime
{
    protected SandboxServer Server { get; private set; } = null!;

    protected static TimeSpan Patience => TimeSpan.FromMinutes(2);

    /// <summary>A page on the disk, as an authority has its own.</summary>
    protected string PagePath => Path.Combine(Server.Folder, "page.pdf");

    public virtual async Task InitializeAsync()
    {
        Server = await SandboxServer.StartAsync(Options);
        await File.WriteAllBytesAsync(PagePath, Specimen.Pdf("A letter."));
    }

    public virtual async Task DisposeAsync() => await Server.DisposeAsync();

    protected virtual SandboxServerOptions Options => new();
}
