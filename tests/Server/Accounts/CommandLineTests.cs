using System.Diagnostics;
using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.CommandLine;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Accounts;

/// <summary>The words of an operator, run as processes beside a server on the same database.</summary>
public sealed class CommandLineTests(BridgeServer server) : IClassFixture<BridgeServer>
{
    [Fact]
    public async Task The_first_operator_and_an_authority_are_made_and_shut_out_while_the_server_runs()
    {
        var (key, told) = await RunAsync("operators", "create", "night-shift");
        Assert.Matches("^swb_sandbox_[0-9a-z]{39}$", key);
        Assert.Contains("night-shift", told, StringComparison.Ordinal);
        Assert.DoesNotContain(key, told, StringComparison.Ordinal);
        using var operations = new Authority(server.Address, key);
        await Wait.ForAsync(
            async () => (await operations.Accounts.ListAccountsAsync(new ListAccountsRequest { Role = AccountRole.Operator })).Accounts.Count, it => it == 1);

        await RunAsync(
            "accounts", "create", "nl-nvwa", "--country", "NL", "--name-zh", "荷兰", "--name-en", "NVWA", "--category", "AQUATIC", "DAIRY");
        var (authority, _) = await RunAsync("keys", "create", "nl-nvwa", "--note", "office", "--expires", "2199-01-01");
        using var caller = new Authority(server.Address, authority);
        using var follower = Follower.FromBeginning(caller);
        await follower.CaughtUpAsync();
        var keyId = Server.Accounts.KeyHash.Of(authority).ToString()[..16];
        Assert.Matches($"{keyId}  live  .*2199-01-01 00:00Z .*office", (await RunAsync("keys", "list", "nl-nvwa")).Output);

        await RunAsync("accounts", "update", "nl-nvwa", "--name-en", "Netherlands");
        var account = (await operations.Accounts.GetAccountAsync(new GetAccountRequest { AccountId = "nl-nvwa" })).Account;
        Assert.Equal(("荷兰", "Netherlands", 2), (account.Name.Zh, account.Name.En, account.CategoryScope.Count));
        await RunAsync("accounts", "disable", "nl-nvwa");
        (await Refusal.OfAsync(() => follower.NextAsync())).Is(StatusCode.PermissionDenied, ErrorReason.AccountDisabled);
        Assert.Matches("nl-nvwa +authority +NL +disabled +key +sandbox +荷兰 Netherlands", (await RunAsync("accounts", "list")).Output);
        await RunAsync("accounts", "enable", "nl-nvwa");
        await RunAsync("keys", "revoke", "nl-nvwa", keyId);
        await Wait.ForAsync(
            async () => (await Refusal.OfAsync(caller.Cases.ListCasesAsync(new ListCasesRequest()))).Reason, reason => reason == "CREDENTIALS_INVALID");
    }

    [Theory]
    [InlineData("no account nobody", "keys", "list", "nobody")]
    [InlineData("account.country: ", "accounts", "create", "nl-two", "--name-zh", "荷", "--name-en", "N")]
    [InlineData("--requires cannot be luck", "accounts", "create", "nl-two", "--requires", "luck")]
    [InlineData("--expires is a time", "keys", "create", "first", "--expires", "soon")]
    [InlineData("'--nmae-zh'", "accounts", "create", "nl-two", "--nmae-zh", "荷")]
    public async Task What_is_wrong_is_told(string message, params string[] words)
    {
        using var command = Start(words);
        var errors = await command.StandardError.ReadToEndAsync();
        await command.WaitForExitAsync();
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Equal(1, command.ExitCode);
    }

    [Fact]
    public void Settings_are_told_from_words_by_their_colon()
    {
        var (words, settings) = OperatorCommands.Split(["keys", "--Bridge:Database", "x.db", "list", "--A:B=c", "first", "--note", "a:b"]);
        Assert.Equal(["keys", "list", "first", "--note", "a:b"], words);
        Assert.Equal(["--Bridge:Database", "x.db", "--A:B=c"], settings);
        Assert.True(OperatorCommands.Handles(["accounts"]));
        Assert.False(OperatorCommands.Handles(["--urls", "http://localhost"]));
    }

    private async Task<(string Output, string Errors)> RunAsync(params string[] words)
    {
        using var command = Start(words);
        var (output, errors) = (command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        await command.WaitForExitAsync();
        Assert.True(command.ExitCode == 0, await errors);
        return ((await output).Trim(), await errors);
    }

    private Process Start(string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])[typeof(Composition).Assembly.Location, .. words, .. server.Database.Settings.Select(it => $"--{it.Key}={it.Value}")])
            start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }
}
