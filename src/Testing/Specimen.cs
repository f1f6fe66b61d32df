using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Testing;

/// <summary>Files for tests, as the bridge takes them.</summary>
public static class Specimen
{
    /// <summary>A PDF of one page.</summary>
    /// <param name="lines">What stands on it, in Latin script.</param>
    public static byte[] Pdf(params string[] lines) => PdfPage.Write("Specimen", "样本", lines);
}
