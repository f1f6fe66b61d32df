using Microsoft.Extensions.Logging;

namespace SingleWindow.Tests;

/// <summary>Hands on what a server logs.</summary>
/// <param name="least">From which level on.</param>
/// <param name="keep">Takes the level, the text and the failure.</param>
internal sealed class KeptLogs(LogLevel least, Action<LogLevel, string, Exception?> keep) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            keep(logLevel, formatter(state, exception), exception);
    }

    public void Dispose()
    {
        // There is nothing to close.
    }
}
