using SingleWindowBridge.Server;

// Settings lie beside the program; the database's path counts from where it is started.
var migrateOnly = args is ["migrate", ..];
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = migrateOnly ? args[1..] : args, ContentRootPath = AppContext.BaseDirectory,
});
if (migrateOnly)
{
    await builder.MigrateBridgeAsync();
    return;
}

builder.AddBridge();

var app = builder.Build();
app.MapBridge();
await app.PrepareBridgeAsync();
await app.RunAsync();
