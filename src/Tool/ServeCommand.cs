using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using SingleWindowBridge.Server;
using SingleWindowBridge.Server.Sandbox;

namespace SingleWindowBridge.Tool;

/// <summary>swbridge serve: the server itself.</summary>
internal static class ServeCommand
{
    private const string Account = "sandbox-aw";

    public static Command Make()
    {
        var sandbox = new Option<bool>("--sandbox")
        {
            Description = "A sandbox: a simulated Customs, one account whose key is printed, SQLite under ./swbridge-sandbox.",
        };
        var command = new Command(
            "serve", "Serves the bridge until Ctrl+C. Further words are settings: --Urls http://127.0.0.1:5080 --Sandbox:ActDelay 00:00:01")
        {
            sandbox,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(options => ServeAsync(options.GetValue(sandbox), [.. options.UnmatchedTokens]));
        return command;
    }

    private static async Task<int> ServeAsync(bool sandbox, string[] settings)
    {
        // What is said on the command line counts, whatever the environment says.
        string[] preset =
        [
            "--Exchange:Channel=sandbox", "--ConnectionStrings:Bridge=", "--ConnectionStrings:BridgeOwner=",
            "--Bridge:Database=swbridge-sandbox/bridge.db",
        ];
        var builder = ServerProgram.CreateBuilder(sandbox ? [.. preset, .. settings] : settings);
        if (!sandbox && builder.Configuration["Exchange:Channel"] is null or "" or "sandbox")
        {
            Console.Error.WriteLine("未指定与海关的交换通道：请加 --sandbox，或设置 Exchange:Channel。");
            Console.Error.WriteLine("There is no way to Customs: give --sandbox, or set Exchange:Channel to directory or grpc.");
            return ExitCodes.WrongCommandLine;
        }

        try
        {
            return await ServerProgram.ServeAsync(builder, address => Console.WriteLine(sandbox ? Welcome(address) : $"Serving on {address}."));
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCodes.Failed;
        }
    }

    private static string Welcome(string address) =>
        $"""

         沙箱已启动。 The sandbox serves on {address}, with a simulated Customs.
           账户 account   {Account}
           密钥 key       {PublishedSandboxKey.Value}

         In another terminal:
           swbridge cases list --endpoint {address}
           swbridge receipts tail --endpoint {address}

         Ctrl+C stops it; the cases stay.

         """;
}
