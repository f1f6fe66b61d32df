using System.Text;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>A file of Customs that cannot be read, and what an operator does about it.</summary>
public sealed class ReadAgainTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("bridge-exchange-").FullName;
    private readonly BridgeServer server = new();

    private CustomsMessageService.CustomsMessageServiceClient Admin => server.Operator.CustomsMessages;

    public Task InitializeAsync()
    {
        server.Settings["Exchange:Channel"] = "directory";
        server.Settings["Exchange:Directory:Folder"] = folder;
        server.Settings["Exchange:Directory:PollEvery"] = "00:00:00.050";
        server.Settings["Exchange:Directory:UnreadableAfter"] = "00:00:00.100";
        server.Settings["Exchange:Directory:AnswerWait"] = "00:00:00.200";
        return server.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task It_is_read_again_at_the_operators_word_and_applies_when_it_was_mended()
    {
        var made = await server.First.ApplyAsync();
        await Wait.ForAsync(() => Task.FromResult(Directory.Exists(Path.Combine(folder, "Attachments"))), there => there);
        Put("broken.xml", "<Message>");
        var held = await HeldAsync();
        Assert.Equal(HoldReason.Unreadable, held.Reason);
        await FailedAsync();

        // Still broken: it comes back as it was.
        await Admin.RetryCustomsMessageAsync(new RetryCustomsMessageRequest { EntryId = held.EntryId });
        Assert.Equal(held.EntryId, (await HeldAsync()).EntryId);

        await File.WriteAllBytesAsync(await FailedAsync(), GrpcFarEnd.Written(Said.Of(made.Number, new Received())));
        await Admin.RetryCustomsMessageAsync(new RetryCustomsMessageRequest { EntryId = held.EntryId });
        await server.First.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        Assert.Empty(await server.Operator.HeldAsync());
    }

    private async Task<CustomsMessage> HeldAsync() =>
        (await Wait.ForAsync(() => server.Operator.HeldAsync(), it => it.Count == 1, it => $"{it.Count} held")).Single();

    // The channel puts it there when it is kept, and a moment later than the operator can see it.
    private async Task<string> FailedAsync() => (await Wait.ForAsync(
        () => Task.FromResult(Directory.GetFiles(Path.Combine(folder, "FailBox"), "*.xml")), files => files.Length == 1)).Single();

    private void Put(string name, string content)
    {
        var aside = Path.Combine(folder, "TempBox", name);
        File.WriteAllText(aside, content, Encoding.UTF8);
        File.Move(aside, Path.Combine(folder, "InBox", name));
    }
}
