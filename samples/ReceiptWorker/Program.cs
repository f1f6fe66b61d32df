using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReceiptWorkerSample;
using SingleWindowBridge;

// Settings, here with the sandbox's: --endpoint, --key, --database.
var builder = Host.CreateApplicationBuilder(args);
var settings = builder.Configuration;
builder.Services.AddSingleWindow(options =>
{
    options.Endpoint = new Uri(settings["endpoint"] ?? "http://127.0.0.1:5080");
    options.ApiKey = settings["key"] ?? "swb_sandbox_aruba_try_me";
});
builder.Services.AddSingleton(_ => new CaseBook(settings["database"] ?? "casebook.db"));
builder.Services.AddReceiptWorker<ReceiptClerk>(options =>
    options.Checkpoint = services => services.GetRequiredService<CaseBook>());
await builder.Build().RunAsync();
