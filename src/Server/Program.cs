using SingleWindowBridge.Server;

// Settings lie beside the program; the database's path counts from where it is started.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddBridge();

var app = builder.Build();
app.MapBridge();
await app.PrepareBridgeAsync();
await app.RunAsync();
