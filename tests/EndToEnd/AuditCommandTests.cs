using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>The audit by the program's command line, beside the server that writes it.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task The_program_writes_a_head_and_verifies_the_audit_of_a_server_that_runs()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        await server.Client.Applications.SaveAsync(new Application { Category = "AQUATIC" });
        var heads = Path.Combine(_workspace.Folder, "heads");
        Assert.Equal(0, (await server.RunAsync("audit", "head", "--out", heads)).Code);

        await server.Client.Applications.SaveAsync(new Application { Category = "AQUATIC" });
        var (code, said) = await server.RunAsync("audit", "verify", "--head", heads);
        Assert.True(code == 0 && said.Contains("1 signed heads, 0 faults", StringComparison.Ordinal), said);

        var head = Assert.Single(Directory.GetFiles(heads));
        await File.WriteAllTextAsync(head, (await File.ReadAllTextAsync(head)).Replace("\"number\": 1", "\"number\": 3", StringComparison.Ordinal));
        (code, said) = await server.RunAsync("audit", "verify", "--head", head);
        Assert.True(code == 1 && said.Contains("row 3 of chain", StringComparison.Ordinal), said);
    }
}
