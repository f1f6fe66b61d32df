using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.CommandLine;

namespace SingleWindowBridge.Server;

/// <summary>What the server's program does, by the words it is started with; the tool "swbridge" does the same.</summary>
public static class ServerProgram
{
    /// <summary>What it does beside serving.</summary>
    public static IReadOnlyList<ServerCommand> Commands { get; } =
    [
        new("migrate", "Brings the PostgreSQL database up to date and does no more.", MigrateAsync),
        new("case-states", "Writes the page with the pictures of the states of a case.", WriteCaseStatesAsync),
        new("audit", "Gives the heads of the audit, and verifies it against them.", args => AuditCommand.RunAsync(args, Console.Out)),
        .. OperatorCommands.All([]).Select(command =>
            new ServerCommand(command.Name, command.Description!, args => OperatorCommands.RunAsync([command.Name, .. args]))),
    ];

    /// <summary>The command that these words begin with; null where they are settings of a server that is to serve.</summary>
    /// <param name="args">The words.</param>
    public static ServerCommand? Find(string[] args) =>
        Commands.Where(command => command.Words.Length <= args.Length && command.Words.SequenceEqual(args.Take(command.Words.Length)))
            .MaxBy(command => command.Words.Length);

    /// <summary>Does what these words say: a command, or to serve with them as settings.</summary>
    /// <param name="args">The words.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args) => Find(args) is { } command
        ? command.RunAsync(args[command.Words.Length..])
        : ServeAsync(CreateBuilder(args));

    /// <summary>Reads the settings: those beside the program, the environment's and these. The database's path counts from where the
    /// program is started.</summary>
    /// <param name="args">Settings as words: --Sandbox:ActDelay 00:00:01.</param>
    public static WebApplicationBuilder CreateBuilder(string[] args) =>
        WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    /// <summary>Serves until the process is told to end.</summary>
    /// <param name="builder">The settings.</param>
    /// <param name="serving">Called when calls are answered, with where.</param>
    public static async Task<int> ServeAsync(WebApplicationBuilder builder, Action<string>? serving = null)
    {
        builder.AddBridge();
        await using var app = builder.Build();
        app.MapBridge();
        await app.PrepareBridgeAsync();
        if (serving is not null)
            app.Lifetime.ApplicationStarted.Register(() => serving(app.Urls.First()));
        await app.RunAsync();
        return 0;
    }

    private static async Task<int> MigrateAsync(string[] args)
    {
        await CreateBuilder(args).MigrateBridgeAsync();
        return 0;
    }

    private static Task<int> WriteCaseStatesAsync(string[] args)
    {
        Console.Write(CaseStatesPage.Write(new FoodCatalogue(new QuestionnaireTemplates()).EnumValues));
        return Task.FromResult(0);
    }
}

/// <summary>Something that the server's program does and ends.</summary>
/// <param name="Name">The words that ask for it, such as "migrate".</param>
/// <param name="Description">What it does.</param>
/// <param name="RunAsync">Does it, with the words that follow its name; gives the exit code.</param>
public sealed record ServerCommand(string Name, string Description, Func<string[], Task<int>> RunAsync)
{
    /// <summary>The words of the name.</summary>
    public string[] Words { get; } = Name.Split(' ');
}
