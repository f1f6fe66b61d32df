namespace Grpc.Core;

/// <summary>The version of this assembly.</summary>
public static class VersionInfo
{
    /// <summary>The assembly version that references bind to.</summary>
    public const string CurrentAssemblyVersion = "2.0.0.0";

    /// <summary>The file version.</summary>
    public const string CurrentAssemblyFileVersion = CurrentVersion;

    /// <summary>The package version: that of a stand-in.</summary>
    public const string CurrentVersion = "2.85.0.1";
}
