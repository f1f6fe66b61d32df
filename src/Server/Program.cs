using SingleWindowBridge.Server;

var builder = WebApplication.CreateBuilder(args);
builder.AddBridge();

var app = builder.Build();
app.MapBridge();
await app.PrepareBridgeAsync();
await app.RunAsync();
