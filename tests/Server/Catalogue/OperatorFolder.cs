using SingleWindow.Bridge.V1;
using Xunit;

namespace SingleWindowBridge.Server.Tests.Catalogue;

/// <summary>An operator's catalogue folder, gone after the test.</summary>
internal sealed class OperatorFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("catalogue-");

    public string Path => folder.FullName;

    public void Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Dispose() => folder.Delete(recursive: true);
}

/// <summary>What is asked of every text of the catalogue.</summary>
internal static class Texts
{
    public static void AreInBothLanguages(LocalizedText text)
    {
        Assert.Contains(text.Zh, character => character is >= '\u4e00' and <= '\u9fff');
        Assert.False(string.IsNullOrWhiteSpace(text.En));
        Assert.DoesNotContain(text.En, character => character is >= '\u3000' and <= '\u9fff');
        Assert.Equal((text.Zh.Trim(), text.En.Trim()), (text.Zh, text.En));
    }
}
