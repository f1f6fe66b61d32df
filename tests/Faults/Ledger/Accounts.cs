using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Proof;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>Makes a database ready, and the accounts in it, as an operator does.</summary>
internal static class Accounts
{
    /// <summary>Makes them, and gives their keys by their ids.</summary>
    /// <param name="settings">The settings of the servers.</param>
    /// <param name="ids">The ids of the authorities.</param>
    public static async Task<IReadOnlyDictionary<string, string>> MakeAsync(
        IReadOnlyDictionary<string, string?> settings, IEnumerable<string> ids)
    {
        Signer.Make(settings["Signing:KeyFile"]!);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.AddBridge();
        await using var app = builder.Build();
        await app.PrepareBridgeAsync();
        var actions = app.Services.GetRequiredService<AccountActions>();
        var tester = new Origin("OPERATOR", "tests", "", "");
        var keys = new Dictionary<string, string>();
        foreach (var id in ids)
        {
            var account = new SingleWindow.Admin.V1.Account
            {
                AccountId = id,
                Role = AccountRole.Authority,
                Country = "NZ",
                Name = new SingleWindow.Bridge.V1.LocalizedText { Zh = "主管当局", En = $"Authority {id}" },
                CategoryScope = { "FROZEN_FRUIT" },
            };
            await actions.CreateAccountAsync(
                new CreateAccountRequest { RequestId = Guid.NewGuid().ToString(), Account = account }, tester, CancellationToken.None);
            var made = await actions.CreateKeyAsync(
                new CreateKeyRequest { RequestId = Guid.NewGuid().ToString(), AccountId = id }, tester, CancellationToken.None);
            keys[id] = made.Secret;
        }

        return keys;
    }
}
