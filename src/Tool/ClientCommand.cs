using System.CommandLine;

namespace SingleWindowBridge.Tool;

/// <summary>What every command has that calls the bridge: where it is, the key, JSON, and errors as exit codes.</summary>
internal static class ClientCommand
{
    private const string SandboxKey = "swb_sandbox_aruba_try_me";
    private const int BrokenPipe = 32; // EPIPE, of Linux and macOS.

    private static readonly Option<string> Endpoint = new("--endpoint")
    {
        Description = "The bridge; also from SWB_ENDPOINT.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SWB_ENDPOINT") is { Length: > 0 } set ? set : "http://127.0.0.1:5080",
    };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "The authority's key; better from SWB_KEY, which no list of processes shows. On this machine the sandbox's, if unset.",
    };

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

        command.Add(Endpoint);
        command.Add(Key);
        command.Add(Json);
        command.SetAction((options, cancellationToken) => RunAsync(options, run, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult options, Func<ParseResult, SingleWindowClient, Screen, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            var endpoint = new Uri(options.GetRequiredValue(Endpoint));
            await using var client = new SingleWindowClient(new SingleWindowClientOptions { Endpoint = endpoint, ApiKey = KeyFor(options, endpoint) });
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
            return exception is UnavailableException or DeadlineExceededException ? ExitCodes.Unreachable : ExitCodes.Failed;
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
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

    private static string KeyFor(ParseResult options, Uri endpoint)
    {
        if ((options.GetValue(Key) ?? Environment.GetEnvironmentVariable("SWB_KEY")) is { Length: > 0 } key)
            return key;
        return endpoint.IsLoopback
            ? SandboxKey
            : throw new ArgumentException("请用 SWB_KEY 或 --key 给出密钥。 Give the key by SWB_KEY or --key.");
    }
}
