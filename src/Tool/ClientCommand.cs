using System.CommandLine;

namespace SingleWindowBridge.Tool;

/// <summary>What every command has that calls the bridge: its options, JSON, and errors as exit codes.</summary>
internal static class ClientCommand
{
    private const int BrokenPipe = 32; // EPIPE, of Linux and macOS.

    private static readonly Option<bool> Json = new("--json") { Description = "JSON for scripts, one object a line." };

    /// <summary>Makes a command that calls the bridge.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="parts">Its arguments and options.</param>
    /// <param name="run">Does it.</param>
    public static Command Make(
        string name, string description, Symbol[] parts, Func<ParseResult, SingleWindowClient, Screen, CancellationToken, Task> run)
    {
        var command = new Command(name, description);
        foreach (var part in parts)
        {
            if (part is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)part);
        }

        foreach (var option in BridgeOptions.All)
            command.Add(option);
        command.Add(Json);
        command.SetAction((options, cancellationToken) => RunAsync(options, run, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult options, Func<ParseResult, SingleWindowClient, Screen, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await using var client = new SingleWindowClient(BridgeOptions.Read(options));
            await run(options, client, new Screen(options.GetValue(Json)), cancellationToken);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (SingleWindowException exception)
        {
            Console.Error.WriteLine(exception.MessageZh);
            Console.Error.WriteLine(exception.Message);
            if (BridgeOptions.Mending(exception, options) is { } mending)
                Console.Error.WriteLine(mending);
            return exception is UnavailableException or DeadlineExceededException ? ExitCodes.Unreachable : ExitCodes.Failed;
        }
        catch (ArgumentException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCodes.WrongCommandLine;
        }
        catch (IOException exception) when (!OperatingSystem.IsWindows() && exception.HResult == BrokenPipe)
        {
            return ExitCodes.NotRead;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCodes.Failed;
        }
    }
}
