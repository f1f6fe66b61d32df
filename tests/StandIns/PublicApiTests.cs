using Xunit.Abstractions;

namespace SingleWindowBridge.StandIns.Tests;

/// <summary>
/// Grpc.Core.Api and Grpc.Net.Common as restored, official or stand-in, define all that the official assemblies over them and
/// our own generated code refer to.
/// </summary>
public sealed class PublicApiTests(ITestOutputHelper output)
{
    private const string CoreApi = "Grpc.Core.Api";
    private const string NetCommon = "Grpc.Net.Common";

    /// <summary>The official assemblies, each in every target it is built for.</summary>
    public static TheoryData<string, string> Official()
    {
        var data = new TheoryData<string, string>();
        foreach (var package in new[] { "Grpc.AspNetCore.Server", "Grpc.Net.Client" })
        {
            foreach (var target in RestoredPackages.TargetsOf(package))
                data.Add(package, target);
        }

        return data;
    }

    /// <summary>Our own assemblies that hold generated code.</summary>
    public static TheoryData<string> Ours() =>
        [.. Directory.GetFiles(AppContext.BaseDirectory, "SingleWindowBridge.*.dll").Select(path => Path.GetFileName(path)!)
            .Where(name => name is not "SingleWindowBridge.StandIns.Tests.dll" and not "SingleWindowBridge.Interop.dll")];

    [Theory, MemberData(nameof(Official))]
    public void Fits_the_official_assembly(string package, string target) =>
        Compare(RestoredPackages.AssemblyFor(package, target), target, atLeast: 140);

    [Theory, MemberData(nameof(Ours))]
    public void Fits_our_generated_code(string assembly) =>
        Compare(Path.Combine(AppContext.BaseDirectory, assembly), "net10.0", atLeast: 80);

    [Fact]
    public void The_official_assemblies_come_in_the_targets_that_were_compared()
    {
        Assert.Superset(new HashSet<string> { "net8.0", "net9.0", "net10.0" }, RestoredPackages.TargetsOf("Grpc.AspNetCore.Server").ToHashSet());
        Assert.Superset(
            new HashSet<string> { "net8.0", "net9.0", "net10.0", "netstandard2.0", "netstandard2.1" },
            RestoredPackages.TargetsOf("Grpc.Net.Client").ToHashSet());
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        // The assembly for .NET Standard 2.0 has no deflate, which the client for .NET 10 offers.
        using var client = new AssemblyModel(RestoredPackages.AssemblyFor("Grpc.Net.Client", "net10.0"));
        using var older = new AssemblyModel(RestoredPackages.AssemblyFor(NetCommon, "netstandard2.0"));

        var (problems, _) = Comparison.Of(client, older);

        Assert.Contains("type Grpc.Net.Compression.DeflateCompressionProvider: Grpc.Net.Common has no such public type", problems);
        Assert.All(problems, problem => Assert.EndsWith(": Grpc.Net.Common has no such public type", problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CoreApi, "Grpc.Core.StatusCode", "OK=0 Cancelled=1 Unknown=2 InvalidArgument=3 DeadlineExceeded=4 NotFound=5 AlreadyExists=6 "
        + "PermissionDenied=7 ResourceExhausted=8 FailedPrecondition=9 Aborted=10 OutOfRange=11 Unimplemented=12 Internal=13 Unavailable=14 "
        + "DataLoss=15 Unauthenticated=16")]
    [InlineData(CoreApi, "Grpc.Core.MethodType", "Unary=0 ClientStreaming=1 ServerStreaming=2 DuplexStreaming=3")]
    [InlineData(CoreApi, "Grpc.Core.WriteFlags", "BufferHint=1 NoCompress=2")]
    [InlineData(NetCommon, "Grpc.Core.ConnectivityState", "Idle=0 Connecting=1 Ready=2 TransientFailure=3 Shutdown=4")]
    public void Enums_have_the_values_that_callers_were_compiled_with(string package, string type, string values)
    {
        // A constant leaves no reference behind, so these are written down from the documentation.
        // The official assembly for .NET Standard 2.0 has no load balancing.
        string[] targets = package == CoreApi ? ["net10.0", "netstandard2.0"] : ["net10.0"];
        foreach (var target in targets)
        {
            using var definer = new AssemblyModel(RestoredPackages.AssemblyFor(package, target));
            var defined = definer.Types[type].EnumValues.OrderBy(value => value.Value).Select(value => $"{value.Key}={value.Value}");
            Assert.Equal(values, string.Join(' ', defined));
        }
    }

    private void Compare(string path, string target, int atLeast)
    {
        using var caller = new AssemblyModel(path);
        using var core = new AssemblyModel(RestoredPackages.AssemblyFor(CoreApi, target));
        using var common = new AssemblyModel(RestoredPackages.AssemblyFor(NetCommon, target));

        var (problems, compared) = Comparison.Of(caller, core, common);

        output.WriteLine($"{caller.Name.Name} for {target}: {compared} compared with {CoreApi} {RestoredPackages.VersionOf(CoreApi)} "
            + $"and {NetCommon} {RestoredPackages.VersionOf(NetCommon)}");
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
        Assert.True(compared >= atLeast, $"Only {compared} things were compared.");
    }
}
