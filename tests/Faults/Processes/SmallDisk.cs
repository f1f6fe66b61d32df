using System.Diagnostics;

namespace SingleWindowBridge.Faults.Processes;

/// <summary>A file system of a few megabytes, which can be filled to its last byte. Making one takes a superuser.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly byte[] _block = new byte[64 * 1024];

    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Lacking { get; } = !OperatingSystem.IsLinux()
        ? "file systems of a test's own are made on Linux"
        : Environment.IsPrivilegedProcess ? null : "only a superuser may mount a small file system";

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    private string Filler => Path.Combine(Folder, "filler");

    /// <summary>Makes one, which anybody may write to.</summary>
    public static SmallDisk Make(int megabytes)
    {
        var disk = new SmallDisk(System.IO.Directory.CreateTempSubdirectory("swb-disk-").FullName);
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=1777", "tmpfs", disk.Folder);
        return disk;
    }

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        try
        {
            using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, 0);
            while (true)
                filler.Write(_block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", "--lazy", Folder);
        System.IO.Directory.Delete(Folder);
    }

    private static void Run(string program, params string[] words)
    {
        using var process = Process.Start(program, words);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', words)} ended with {process.ExitCode}.");
    }
}

/// <summary>A test that fills a file system of its own; skipped, with the reason, where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    /// <summary>Skips the test where it cannot be run.</summary>
    public SmallDiskFactAttribute() => Skip = SmallDisk.Lacking;
}
