using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>Writes what the server logs to the output of the test that runs; what comes between tests is dropped.</summary>
public sealed class XunitLogs(Func<ITestOutputHelper?> output) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Lines(output, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        // There is nothing to close.
    }

    private sealed class Lines(Func<ITestOutputHelper?> output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => output() is not null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                output()?.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {category}: {formatter(state, exception)} {exception}");
            }
            catch (InvalidOperationException)
            {
                // The test has ended meanwhile.
            }
        }
    }
}
