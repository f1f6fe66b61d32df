namespace SingleWindowBridge.Faults.Processes;

/// <summary>A server that clients speak with.</summary>
internal interface IRunningServer : IAsyncDisposable
{
    /// <summary>The port that it listens on, at 127.0.0.1.</summary>
    int Port { get; }

    /// <summary>Starts it; it serves a little later.</summary>
    Task StartAsync();

    /// <summary>Ends it without a word to anybody; a process gets SIGKILL.</summary>
    Task KillAsync();

    /// <summary>Waits until it serves. It must not have ended by itself.</summary>
    Task ServesAsync();

    /// <summary>What it said since its last start.</summary>
    string Said();
}
