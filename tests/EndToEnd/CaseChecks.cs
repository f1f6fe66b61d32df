using System.Security.Cryptography;
using System.Text;
using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>What must be true of a case that the sample brought to its end.</summary>
internal static class CaseChecks
{
    /// <summary>The sample ended well, and has saved what Customs delivered, byte by byte.</summary>
    public static async Task<Case> EndedWellAsync(BackOfficeRun run, BridgeServer server, Workspace workspace)
    {
        var exitCode = await run.EndAsync();
        Assert.True(exitCode == 0, $"Exit code {exitCode}: {run.Errors}");
        Assert.Matches(@"^\d{18} COMPLETED APPROVED$", run.Lines[^1]);

        var number = run.Lines[^1][..18];
        var details = await server.Client.Cases.GetAsync(number);
        Assert.Equal((Stage.Completed, Status.Approved), (details.Case.Stage, details.Case.Status));
        Assert.NotEmpty(details.ProtocolFiles);
        Assert.NotEmpty(details.CertificateFiles);
        var delivered = details.ProtocolFiles.Concat(details.CertificateFiles).Select(file => file.Sha256).Order();
        Assert.Equal(delivered, workspace.Saved(number).Select(Sha256OfPdf).Order());
        return details.Case;
    }

    /// <summary>The case is the only one, and the sample has the server's receipts: 1 to n, each once.</summary>
    public static async Task<List<Receipt>> ReceiptsAreWholeAsync(BridgeServer server, Workspace workspace)
    {
        Assert.Single(await server.Client.Cases.ListAsync().ToListAsync());
        var receipts = await server.Client.Receipts.ListAsync().ToListAsync();
        Assert.Equal(UpTo(receipts.Count), receipts.Select(receipt => receipt.Number));
        Assert.Equal(receipts.Select(receipt => (receipt.Number, receipt.Event, receipt.ETag)), workspace.KeptReceipts());
        return receipts;
    }

    /// <summary>What happened to a case, without the bridge's own delivery, whose word may be overtaken by Customs'.</summary>
    public static IEnumerable<(Stage Stage, CaseEvent Event)> Course(IEnumerable<Receipt> receipts) =>
        receipts.Where(receipt => receipt.Event != CaseEvent.Sent).Select(receipt => (receipt.Stage, receipt.Event));

    /// <summary>1, 2, 3 ... to the last.</summary>
    public static IEnumerable<long> UpTo(int last) => Enumerable.Range(1, last).Select(number => (long)number);

    private static string Sha256OfPdf(string path)
    {
        var content = File.ReadAllBytes(path);
        var text = Encoding.Latin1.GetString(content);
        Assert.StartsWith("%PDF-1.", text, StringComparison.Ordinal);
        Assert.Contains("startxref", text, StringComparison.Ordinal);
        Assert.EndsWith("%%EOF", text.TrimEnd(), StringComparison.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
