using SingleWindowBridge.Server;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.CommandLine;

if (args is ["case-states"])
{
    // For docs/case-states.md; no server is started.
    Console.Write(CaseStatesPage.Write(new FoodCatalogue(new QuestionnaireTemplates()).EnumValues));
    return 0;
}

if (OperatorCommands.Handles(args))
    return await OperatorCommands.RunAsync(args);
if (args is ["audit", .. var what])
    return await AuditCommand.RunAsync(what, Console.Out);

// Settings lie beside the program; the database's path counts from where it is started.
var migrateOnly = args is ["migrate", ..];
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = migrateOnly ? args[1..] : args, ContentRootPath = AppContext.BaseDirectory,
});
if (migrateOnly)
{
    await builder.MigrateBridgeAsync();
    return 0;
}

builder.AddBridge();

var app = builder.Build();
app.MapBridge();
await app.PrepareBridgeAsync();
await app.RunAsync();
return 0;
