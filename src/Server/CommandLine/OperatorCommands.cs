using System.CommandLine;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CommandLine;

/// <summary>
/// The words with which an operator works on the accounts of a server, on its database, with its settings: the first operator's key is made
/// so, and a server that nobody can call any more is opened again. Servers that run take the changes up at once.
/// </summary>
public static class OperatorCommands
{
    /// <summary>The commands, each with its subcommands.</summary>
    /// <param name="settings">Settings of the server, such as "--Bridge:Database=data/bridge.db", beside appsettings.json and the environment.</param>
    public static IReadOnlyList<Command> All(string[] settings) =>
        [AccountCommands.Operators(settings), AccountCommands.Accounts(settings), KeyCommands.Keys(settings), CertificateCommands.Certificates(settings)];

    /// <summary>Whether these arguments are for a command here.</summary>
    public static bool Handles(string[] args) => args is [var first, ..] && All([]).Any(command => command.Name == first);

    /// <summary>Runs a command.</summary>
    /// <returns>0 where it was done.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var (words, settings) = Split(args);
        var root = new RootCommand("The SingleWindow Bridge. Without a command it serves.");
        foreach (var command in All(settings))
            root.Add(command);
        return root.Parse(words).InvokeAsync();
    }

    /// <summary>Separates the settings, whose names hold a colon, from the rest.</summary>
    public static (string[] Words, string[] Settings) Split(string[] args)
    {
        var (words, settings) = (new List<string>(), new List<string>());
        for (var index = 0; index < args.Length; index++)
        {
            var name = args[index].Split('=')[0];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':', StringComparison.Ordinal))
            {
                words.Add(args[index]);
                continue;
            }

            settings.Add(args[index]);
            if (name.Length == args[index].Length && index + 1 < args.Length)
                settings.Add(args[++index]);
        }

        return ([.. words], [.. settings]);
    }

    /// <summary>Runs an action on the accounts of the database that the settings name.</summary>
    /// <returns>0 where it was done, 1 where it was refused; what was wrong then stands on the standard error.</returns>
    internal static async Task<int> ActAsync(
        string[] settings, Func<AccountActions, Origin, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions
            {
                Args = settings, ContentRootPath = AppContext.BaseDirectory,
            });
            builder.Logging.ClearProviders();
            builder.AddBridge();
            await using var app = builder.Build();
            await app.Services.GetRequiredService<IBridgeDatabase>().PrepareAsync(cancellationToken);
            await action(
                app.Services.GetRequiredService<AccountActions>(),
                new Origin("OPERATOR", $"{Environment.UserName}@{Environment.MachineName}", "", ""),
                cancellationToken);
            return 0;
        }
        catch (BridgeException refusal)
        {
            var said = refusal.Say();
            Console.Error.WriteLine($"{said.Zh}\n{said.En}");
            foreach (var problem in refusal.Problems.Skip(1))
                Console.Error.WriteLine($"{problem.Field}: {problem.Zh} {problem.En}");
            return 1;
        }
        catch (InvalidOperationException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 1;
        }
    }
}
