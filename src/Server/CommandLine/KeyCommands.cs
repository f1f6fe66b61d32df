using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.CommandLine;

/// <summary>keys: what an operator does with the keys of an account.</summary>
internal static class KeyCommands
{
    /// <summary>keys create, list, revoke.</summary>
    public static Command Keys(string[] settings) => new("keys", "The keys of an account.") { Create(settings), List(settings), Revoke(settings) };

    /// <summary>Makes a key: it alone goes to the standard output, what is told of it to the standard error.</summary>
    public static async Task CreateAsync(AccountActions actions, CreateKeyRequest request, Origin by, CancellationToken cancellationToken)
    {
        request.RequestId = AccountCommands.NewId();
        var made = await actions.CreateKeyAsync(request, by, cancellationToken);
        await Console.Error.WriteLineAsync(
            $"密钥 {made.Key.KeyId}（账户 {made.Key.AccountId}）只显示这一次，请妥善保存。\n"
            + $"The key {made.Key.KeyId} of {made.Key.AccountId} is shown this once; keep it safe. It ends: {Columns.Text(made.Key.ExpireTime)}");
        Console.WriteLine(made.Secret);
    }

    private static Command Create(string[] settings)
    {
        var id = AccountCommands.Id();
        var note = new Option<string>("--note") { Description = "What it is for." };
        var expires = new Option<string>("--expires") { Description = "When it ends, in UTC: 2027-06-30, or 2027-06-30T12:00." };
        var command = new Command("create", "Makes a key, which is written to the standard output.") { id, note, expires };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            (actions, by, cancellation) => CreateAsync(
                actions,
                new CreateKeyRequest
                {
                    AccountId = words.GetRequiredValue(id), Note = words.GetValue(note) ?? "", ExpireTime = TimeOf(words.GetValue(expires)),
                },
                by, cancellation),
            cancellationToken));
        return command;
    }

    private static Command List(string[] settings)
    {
        var id = AccountCommands.Id();
        var command = new Command("list", "Lists the keys of an account.") { id };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, _, cancellation) => Write(
                (await actions.ListKeysAsync(new ListKeysRequest { AccountId = words.GetRequiredValue(id) }, cancellation)).Keys),
            cancellationToken));
        return command;
    }

    private static Command Revoke(string[] settings)
    {
        var id = AccountCommands.Id();
        var key = new Argument<string>("key") { Description = "The key's id, as keys list gives it." };
        var command = new Command("revoke", "Revokes a key for good: open streams that it opened end.") { id, key };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, by, cancellation) =>
            {
                var request = new RevokeKeyRequest
                {
                    RequestId = AccountCommands.NewId(), AccountId = words.GetRequiredValue(id), KeyId = words.GetRequiredValue(key),
                };
                Write([(await actions.RevokeKeyAsync(request, by, cancellation)).Key]);
            },
            cancellationToken));
        return command;
    }

    private static void Write(IEnumerable<Key> keys) => Columns.Write(
        ["ID", "STATE", "MADE", "ENDS", "REVOKED", "LAST USED", "NOTE"],
        keys.Select(key => new[]
        {
            key.KeyId, WireNames.Of(key.State).ToLowerInvariant(), Columns.Text(key.CreateTime), Columns.Text(key.ExpireTime),
            Columns.Text(key.RevokeTime), Columns.Text(key.LastUseTime), key.Note,
        }));

    private static Timestamp? TimeOf(string? text)
    {
        if (text is null)
            return null;

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToTimestamp()
            : throw new InvalidOperationException($"--expires is a time such as 2027-06-30, not '{text}'.");
    }
}
