using System.CommandLine;
using System.CommandLine.Invocation;
using SingleWindowBridge.Server;
using SingleWindowBridge.Tool;
using SingleWindowBridge.Tool.Cases;
using SingleWindowBridge.Tool.Files;
using SingleWindowBridge.Tool.Receipts;

// What the server's program does beside serving, it does by the same words here.
if (ServerProgram.Find(args) is { } command)
    return await command.RunAsync(args[command.Words.Length..]);

var serve = ServeCommand.Make();
var root = new RootCommand(
    """
    单一窗口桥 SingleWindow Bridge: serves it, also as a sandbox, and shows an authority its cases, receipts and files.
    Exit codes: 0 done, 1 refused or failed, 2 wrong command line, 3 the bridge cannot be reached, 130 interrupted, 141 nobody
    reads the output any more.
    """)
{
    serve,
    new Command("cases", "An authority's cases.") { ListCases.Make(), ShowCase.Make() },
    new Command("receipts", "What happens to an authority's cases.") { TailReceipts.Make() },
    new Command("files", "Files that go with cases.") { GetFile.Make() },
};

// For the help alone; they were looked for above.
foreach (var also in ServerProgram.Commands.Where(also => also.Words.Length == 1))
    root.Add(new Command(also.Name, also.Description));

var parsed = root.Parse(args);

// The server ends by itself when it is told to, after what is under way: within 10 s, and not cut off after the 2 s that others get.
var ending = new InvocationConfiguration();
if (parsed.CommandResult.Command == serve)
    ending.ProcessTerminationTimeout = null;
var exitCode = await parsed.InvokeAsync(ending);
return parsed.Action is ParseErrorAction ? ExitCodes.WrongCommandLine : exitCode;
