using System.Reflection;

namespace SingleWindowBridge.EndToEnd.Processes;

/// <summary>Where the build put things.</summary>
internal static class Built
{
    public static string Server => Program("src/Server", "SingleWindowBridge.Server");

    public static string BackOffice => Program("samples/BackOffice", "BackOffice");

    public static string ReceiptWorker => Program("samples/ReceiptWorker", "ReceiptWorker");

    public static string Inputs => Path.Combine(Metadata("RepositoryRoot"), "samples/BackOffice/inputs");

    private static string Program(string project, string name) =>
        Path.Combine(Metadata("RepositoryRoot"), project, "bin", Metadata("Configuration"), "net10.0", name + ".dll");

    private static string Metadata(string key) => typeof(Built).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
