namespace SingleWindowBridge.Sdk.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("checkpoint");

    private string Path => global::System.IO.Path.Combine(_folder.FullName, "receipts.cursor");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ItKeepsTheLastCursorAndLeavesNothingAside()
    {
        using (var checkpoint = new FileReceiptCheckpoint(Path))
        {
            Assert.Null(await checkpoint.LoadAsync());
            await checkpoint.SaveAsync("cur-1");
            await checkpoint.SaveAsync("cur-2");
        }

        using var again = new FileReceiptCheckpoint(Path);
        Assert.Equal("cur-2", await again.LoadAsync());
        Assert.Equal(Path, Assert.Single(_folder.GetFiles()).FullName);
    }

    [Fact]
    public async Task AWriteThatWasCutOffLeavesTheOldCursorWhole()
    {
        using var checkpoint = new FileReceiptCheckpoint(Path);
        await checkpoint.SaveAsync("cur-1");
        await File.WriteAllTextAsync(Path + ".new", "cur");
        Assert.Equal("cur-1", await checkpoint.LoadAsync());
        await checkpoint.SaveAsync("cur-2");
        Assert.Equal("cur-2", await checkpoint.LoadAsync());
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task AReaderNeverSeesHalfACursor()
    {
        using var checkpoint = new FileReceiptCheckpoint(Path);
        var cursors = Enumerable.Range(0, 60).Select(n => new string((char)('a' + (n % 26)), 200 + n)).ToHashSet();
        await checkpoint.SaveAsync(cursors.First());
        using var done = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                Assert.Contains((await checkpoint.LoadAsync())!, cursors);
        });
        await Task.WhenAll(cursors.Select(cursor => checkpoint.SaveAsync(cursor).AsTask()));
        await done.CancelAsync();
        await reader;
    }

    [Fact]
    public async Task AnEmptyFileIsNotTakenForABeginning()
    {
        await File.WriteAllTextAsync(Path, "");
        using var checkpoint = new FileReceiptCheckpoint(Path);
        await Assert.ThrowsAsync<InvalidDataException>(() => checkpoint.LoadAsync().AsTask());
    }
}
