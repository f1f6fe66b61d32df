using SingleWindowBridge.Server;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;

if (args is ["case-states"])
{
    // For docs/case-states.md; no server is started.
    Console.Write(CaseStatesPage.Write(new FoodCatalogue(new QuestionnaireTemplates()).EnumValues));
    return;
}

// Settings lie beside the program; the database's path counts from where it is started.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddBridge();

var app = builder.Build();
app.MapBridge();
await app.PrepareBridgeAsync();
await app.RunAsync();
