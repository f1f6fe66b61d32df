using System.Security.Cryptography;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Contract;

/// <summary>Files come back as they went.</summary>
[Collection(OneBridge.Name)]
public sealed class FileTests(Bridge bridge)
{
    private const int MostBytes = 4 * 1024 * 1024;

    [Theory]
    [InlineData(2000)]
    [InlineData(MostBytes)]
    public async Task A_file_comes_back_byte_by_byte(int size)
    {
        var content = SampleFiles.PdfOf(size);
        var uploaded = (await bridge.Client.Files.UploadAsync(new MemoryStream(content), "页 page.pdf")).File;
        Assert.Equal((size, "页 page.pdf", "application/pdf"), (uploaded.SizeBytes, uploaded.Name, uploaded.MediaType));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), uploaded.Sha256);
        Assert.Equal(uploaded, await bridge.Client.Files.GetAsync(uploaded.Id));

        var back = new MemoryStream();
        await bridge.Client.Files.DownloadAsync(uploaded.Id, back);
        Assert.True(content.AsSpan().SequenceEqual(back.ToArray()));
    }

    [Fact]
    public async Task The_same_upload_gives_the_same_file()
    {
        var content = Bridge.Page();
        var once = new UploadOptions { RequestId = Guid.NewGuid() };
        var first = await bridge.Client.Files.UploadAsync(new MemoryStream(content), "page.pdf", once);
        Assert.Equal(first.Id, (await bridge.Client.Files.UploadAsync(new MemoryStream(content), "page.pdf", once)).Id);
        await Assert.ThrowsAsync<RequestIdReusedException>(() => bridge.UploadAsync(once));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused()
    {
        var content = SampleFiles.PdfOf(MostBytes + 1);
        var refused = await Assert.ThrowsAsync<FileRejectedException>(
            () => bridge.Client.Files.UploadAsync(new MemoryStream(content), "page.pdf"));
        Assert.Equal(ErrorReason.FileTooLarge, refused.Reason);
    }
}
