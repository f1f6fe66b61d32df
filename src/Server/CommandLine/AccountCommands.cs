using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Grpc;
using Account = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.CommandLine;

/// <summary>operators and accounts: what an operator does with accounts.</summary>
internal static class AccountCommands
{
    /// <summary>The account's id, as the first word after the command.</summary>
    public static Argument<string> Id() => new("id") { Description = "The account's id." };

    /// <summary>operators create NAME.</summary>
    public static Command Operators(string[] settings)
    {
        var id = Id();
        var create = new Command("create", "Makes an operator's account and its first key, which is written to the standard output.") { id };
        create.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, by, cancellation) =>
            {
                var name = words.GetRequiredValue(id);
                var account = new Account
                {
                    AccountId = name, Role = AccountRole.Operator, Name = new LocalizedText { Zh = name, En = name },
                };
                await actions.CreateAccountAsync(new CreateAccountRequest { RequestId = NewId(), Account = account }, by, cancellation);
                await KeyCommands.CreateAsync(actions, new CreateKeyRequest { AccountId = name }, by, cancellation);
            },
            cancellationToken));
        return new Command("operators", "The operators, who may call singlewindow.admin.v1.") { create };
    }

    /// <summary>accounts list, show, create, update, enable, disable.</summary>
    public static Command Accounts(string[] settings) => new("accounts", "The accounts of authorities, of the far end and of operators.")
    {
        List(settings), Show(settings), Create(settings), Update(settings),
        Switch(settings, "enable", "Lets an account in again.", disabled: false),
        Switch(settings, "disable", "Shuts an account out: its open streams end.", disabled: true),
    };

    /// <summary>A new request id.</summary>
    public static string NewId() => Guid.NewGuid().ToString();

    private static Command List(string[] settings)
    {
        var role = Word<AccountRole>("--role", "Only those of this role: authority, customs or operator.");
        var command = new Command("list", "Lists accounts.") { role };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, _, cancellation) =>
            {
                var request = new ListAccountsRequest { PageSize = 200, Role = words.GetValue(role) };
                var rows = new List<string[]>();
                do
                {
                    var page = await actions.ListAccountsAsync(request, cancellation);
                    rows.AddRange(page.Accounts.Select(Row));
                    request.PageToken = page.NextPageToken;
                }
                while (request.PageToken.Length > 0);
                Columns.Write(["ID", "ROLE", "COUNTRY", "STATE", "REQUIRES", "KIND", "NAME"], rows);
            },
            cancellationToken));
        return command;
    }

    private static Command Show(string[] settings)
    {
        var id = Id();
        var command = new Command("show", "Shows an account.") { id };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, _, cancellation) => Write(
                (await actions.GetAccountAsync(new GetAccountRequest { AccountId = words.GetRequiredValue(id) }, cancellation)).Account),
            cancellationToken));
        return command;
    }

    private static Command Create(string[] settings)
    {
        var id = Id();
        var role = Word<AccountRole>("--role", "authority (where nothing is said), customs or operator.");
        var said = new AccountOptions();
        var command = new Command("create", "Makes an account. It has no key yet: keys create.") { id, role };
        said.AddTo(command);
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, by, cancellation) =>
            {
                var account = new Account { AccountId = words.GetRequiredValue(id), Name = new LocalizedText() };
                said.Read(words, account);
                account.Role = words.GetValue(role) is var asked and not AccountRole.Unspecified ? asked : AccountRole.Authority;
                Write((await actions.CreateAccountAsync(
                    new CreateAccountRequest { RequestId = NewId(), Account = account }, by, cancellation)).Account);
            },
            cancellationToken));
        return command;
    }

    private static Command Update(string[] settings)
    {
        var id = Id();
        var said = new AccountOptions();
        var command = new Command("update", "Changes what is said of an account, and nothing else.") { id };
        said.AddTo(command);
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, by, cancellation) =>
            {
                var account = (await actions.GetAccountAsync(
                    new GetAccountRequest { AccountId = words.GetRequiredValue(id) }, cancellation)).Account;
                var request = new UpdateAccountRequest
                {
                    RequestId = NewId(), Account = account, Etag = account.Etag, UpdateMask = new FieldMask { Paths = { said.Read(words, account) } },
                };
                Write((await actions.UpdateAccountAsync(request, by, cancellation)).Account);
            },
            cancellationToken));
        return command;
    }

    private static Command Switch(string[] settings, string name, string description, bool disabled)
    {
        var id = Id();
        var command = new Command(name, description) { id };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, by, cancellation) =>
            {
                var request = new UpdateAccountRequest
                {
                    RequestId = NewId(), Account = new Account { AccountId = words.GetRequiredValue(id), Disabled = disabled },
                    UpdateMask = new FieldMask { Paths = { "disabled" } },
                };
                Write((await actions.UpdateAccountAsync(request, by, cancellation)).Account);
            },
            cancellationToken));
        return command;
    }

    private static Option<TEnum> Word<TEnum>(string name, string description)
        where TEnum : struct, System.Enum => AccountOptions.Word<TEnum>(name, description);

    private static string[] Row(Account account) =>
    [
        account.AccountId, WireNames.Of(account.Role).ToLowerInvariant(), account.Country.Length > 0 ? account.Country : "-",
        account.Disabled ? "disabled" : "enabled", WireNames.Of(account.RequiredCredential).ToLowerInvariant(),
        account.Sandbox ? "sandbox" : "live", $"{account.Name.Zh} {account.Name.En}",
    ];

    private static void Write(Account account)
    {
        Columns.Write(["ID", "ROLE", "COUNTRY", "STATE", "REQUIRES", "KIND", "NAME"], [Row(account)]);
        if (account.CategoryScope.Count + account.ProductScope.Count > 0)
            Console.WriteLine($"categories: {string.Join(' ', account.CategoryScope)}\nproducts: {string.Join(' ', account.ProductScope)}");
    }
}
