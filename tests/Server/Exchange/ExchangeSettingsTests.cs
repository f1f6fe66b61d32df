using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>A wrong setting of the exchange stops the server at its start and names itself.</summary>
public sealed class ExchangeSettingsTests
{
    [Theory]
    [InlineData("Exchange:Channel is sandbox, directory or grpc, not 'fax'", "Exchange:Channel", "fax")]
    [InlineData("Exchange:Directory:Folder names the folder", "Exchange:Channel", "directory")]
    [InlineData("Exchange:Directory:Folder is not there", "Exchange:Channel", "directory", "Exchange:Directory:Folder", "/nowhere/at/all")]
    [InlineData(
        "Exchange:Directory:PollEvery must be more than zero", "Exchange:Channel", "directory", "Exchange:Directory:Folder", ".",
        "Exchange:Directory:PollEvery", "00:00:00")]
    [InlineData(
        "Exchange:Directory:FailRetention must be more than zero", "Exchange:Channel", "directory", "Exchange:Directory:Folder", ".",
        "Exchange:Directory:FailRetention", "00:00:00")]
    [InlineData(
        "Exchange:Grpc:GiveUpAfter must be more than zero", "Exchange:Channel", "grpc", "Exchange:Grpc:Keys:far-end",
        "customs-far-end-of-the-tests", "Exchange:Grpc:GiveUpAfter", "-00:00:01")]
    [InlineData("Exchange:Directory:PollEvery", "Exchange:Directory:PollEvery", "soon")]
    [InlineData("Exchange:Grpc:Keys has no key", "Exchange:Channel", "grpc")]
    [InlineData("Exchange:Grpc:Keys:far-end: a key has at least 20 characters", "Exchange:Grpc:Keys:far-end", "short")]
    [InlineData("Bridge:OperatorKeys:bob: sha256: is followed by 64", "Bridge:OperatorKeys:bob", "sha256:12")]
    public async Task A_wrong_setting_is_named(string message, params string[] settings)
    {
        var server = new BridgeServer();
        for (var index = 0; index < settings.Length; index += 2)
            server.Settings[settings[index]] = settings[index + 1];
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        await server.DisposeAsync();
    }
}
