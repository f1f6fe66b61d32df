using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class FileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("files");
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(200_000);

    private string Sha256 => Convert.ToHexString(SHA256.HashData(_content)).ToLowerInvariant();

    private Wire.StoredFile Stored => new() { FileId = "f", Name = "form.pdf", SizeBytes = _content.Length, Sha256 = Sha256 };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnUploadSendsHeaderAndChunksAndTellsHowFarItIs(bool seekable)
    {
        List<Wire.UploadFileRequest> sent = [];
        var invoker = new ScriptedInvoker().On("UploadFile", Take(sent));
        var told = new Told();
        await using Stream content = seekable ? new MemoryStream(_content) : new OneWay(_content);
        var uploaded = await invoker.Client().Files.UploadAsync(content, "form.pdf", new UploadOptions { Progress = told });

        Assert.Equal("f", uploaded.Id);
        var header = sent[0].Header;
        Assert.Equal(("form.pdf", (long)_content.Length, Sha256), (header.Name, header.SizeBytes, header.Sha256));
        Assert.Equal(uploaded.RequestId.ToString(), header.RequestId);
        Assert.Equal([65536, 65536, 65536, 3392], sent.Skip(1).Select(part => part.Chunk.Length));
        Assert.Equal(_content, sent.Skip(1).SelectMany(part => part.Chunk).ToArray());
        Assert.Equal([65536L, 131072, 196608, 200000], told.Seen);
    }

    [Fact]
    public async Task ACutUploadBeginsAgainWithTheSameRequestId()
    {
        List<Wire.UploadFileRequest> sent = [];
        var invoker = new ScriptedInvoker()
            .Fail("UploadFile", Failures.Plain(StatusCode.Unavailable))
            .On("UploadFile", Take(sent));
        await using var content = new MemoryStream([9, 9, .. _content]) { Position = 2 };
        var uploaded = await invoker.Client().Files.UploadAsync(content, "form.pdf");

        Assert.Equal(_content, sent.Skip(1).SelectMany(part => part.Chunk).ToArray());
        Assert.Equal(2, invoker.Calls.Count);
        Assert.All(
            invoker.Calls,
            call => Assert.Equal(uploaded.RequestId.ToString(), ((List<Wire.UploadFileRequest>)call.Request)[0].Header.RequestId));
    }

    [Fact]
    public async Task AFileOnDiskIsUploadedUnderItsName()
    {
        List<Wire.UploadFileRequest> sent = [];
        var path = Path.Combine(_folder.FullName, "application.pdf");
        await File.WriteAllBytesAsync(path, _content);
        await new ScriptedInvoker().On("UploadFile", Take(sent)).Client().Files.UploadAsync(path);
        Assert.Equal("application.pdf", sent[0].Header.Name);
    }

    [Fact]
    public async Task AFileThatIsTooLargeIsNotSent()
    {
        var invoker = new ScriptedInvoker();
        await using var content = new OneWay(new byte[4_194_305]);
        var thrown = await Assert.ThrowsAsync<FileRejectedException>(() => invoker.Client().Files.UploadAsync(content, "a.pdf"));
        Assert.Equal(ErrorReason.FileTooLarge, thrown.Reason);
        Assert.NotNull(thrown.RequestId);
        Assert.Empty(invoker.Calls);
    }

    [Fact]
    public async Task ARejectedFileSaysWhy()
    {
        var invoker = new ScriptedInvoker().Fail("UploadFile", Failures.Rich(
            StatusCode.InvalidArgument, "FILE_CONTENT_MISMATCH", ("name", "form.pdf"), ("expected", "application/pdf")));
        await using var content = new MemoryStream(_content);
        var thrown = await Assert.ThrowsAsync<FileRejectedException>(() => invoker.Client().Files.UploadAsync(content, "form.pdf"));
        Assert.Equal(ErrorReason.FileContentMismatch, thrown.Reason);
        Assert.Equal("application/pdf", thrown.Metadata["expected"]);
    }

    [Fact]
    public async Task AServerThatAnswersEarlyIsHeard()
    {
        var invoker = new ScriptedInvoker { RejectUploadsAfter = 2 }.Fail(
            "UploadFile", Failures.Rich(StatusCode.InvalidArgument, "FILE_CONTENT_MISMATCH"));
        await using var content = new MemoryStream(_content);
        await Assert.ThrowsAsync<FileRejectedException>(() => invoker.Client().Files.UploadAsync(content, "form.pdf"));
        Assert.Equal(2, ((List<Wire.UploadFileRequest>)invoker.Calls.Single().Request).Count);
    }

    [Fact]
    public async Task AnotherHashInTheAnswerIsADamagedFile()
    {
        var invoker = new ScriptedInvoker().On("UploadFile", (List<Wire.UploadFileRequest> _) => new Wire.UploadFileResponse
        {
            File = new Wire.StoredFile { FileId = "f", Sha256 = new string('0', 64) },
        });
        await using var content = new MemoryStream(_content);
        var requestId = Guid.NewGuid();
        var thrown = await Assert.ThrowsAsync<FileDamagedException>(() =>
            invoker.Client().Files.UploadAsync(content, "form.pdf", new UploadOptions { RequestId = requestId }));
        Assert.Equal(requestId, thrown.RequestId);
    }

    [Fact]
    public async Task ACutDownloadGoesOnWhereItStopped()
    {
        var invoker = new ScriptedInvoker()
            .OnStream("DownloadFile", Send(70_000, Failures.Plain(StatusCode.Unavailable)))
            .OnStream("DownloadFile", Send(150_000, Failures.Plain(StatusCode.Internal)))
            .OnStream("DownloadFile", Send(150_000, null))
            .OnStream("DownloadFile", Send(_content.Length, null));
        var told = new Told();
        await using var destination = new MemoryStream();
        var file = await invoker.Client().Files.DownloadAsync("f", destination, new TransferOptions { Progress = told });

        Assert.Equal(_content, destination.ToArray());
        Assert.Equal(Sha256, file.Sha256);
        Assert.Equal([0L, 70_000, 150_000, 150_000], invoker.Requests<Wire.DownloadFileRequest>().Select(request => request.Offset));
        Assert.Equal(_content.Length, told.Seen[^1]);
    }

    [Fact]
    public async Task ADownloadToDiskReplacesTheFileWhenItIsWhole()
    {
        var path = Path.Combine(_folder.FullName, "protocol.pdf");
        await File.WriteAllTextAsync(path, "old");
        await new ScriptedInvoker().OnStream("DownloadFile", Send(_content.Length, null)).Client().Files.DownloadAsync("f", path);
        Assert.Equal(_content, await File.ReadAllBytesAsync(path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task WhatAKilledDownloadLeftIsUsedUpByTheNext()
    {
        var path = Path.Combine(_folder.FullName, "protocol.pdf");
        await File.WriteAllBytesAsync(path + ".partial", new byte[_content.Length + 1]);
        await new ScriptedInvoker().OnStream("DownloadFile", Send(_content.Length, null)).Client().Files.DownloadAsync("f", path);
        Assert.Equal(_content, await File.ReadAllBytesAsync(path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task OneDownloadAtATimeHasAPath()
    {
        var path = Path.Combine(_folder.FullName, "protocol.pdf");
        var files = new ScriptedInvoker().OnStream("DownloadFile", Send(_content.Length, null)).Client().Files;
        IOException? refused = null;
        var during = new Done(async () => refused = await Assert.ThrowsAsync<IOException>(() => files.DownloadAsync("f", path)));
        await files.DownloadAsync("f", path, new TransferOptions { Progress = during });
        Assert.Contains(path, refused!.Message, StringComparison.Ordinal);
        Assert.Equal(_content, await File.ReadAllBytesAsync(path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task ADamagedDownloadLeavesNoFile()
    {
        var path = Path.Combine(_folder.FullName, "protocol.pdf");
        var wrong = Stored;
        wrong.Sha256 = new string('0', 64);
        var invoker = new ScriptedInvoker().OnStream("DownloadFile", Send(_content.Length, null, wrong));
        var thrown = await Assert.ThrowsAsync<FileDamagedException>(() => invoker.Client().Files.DownloadAsync("f", path));
        Assert.Equal(ErrorReason.FileHashMismatch, thrown.Reason);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task AFileThatIsNotThereIsNotFound()
    {
        var invoker = new ScriptedInvoker().OnStream(
            "DownloadFile", Send(0, Failures.Rich(StatusCode.NotFound, "FILE_NOT_FOUND", ("file_id", "f")), none: true));
        var thrown = await Assert.ThrowsAsync<StoredFileNotFoundException>(() =>
            invoker.Client().Files.DownloadAsync("f", Path.Combine(_folder.FullName, "x.pdf")));
        Assert.Equal("f", thrown.FileId);
        Assert.Empty(_folder.GetFiles());
    }

    private Func<List<Wire.UploadFileRequest>, Wire.UploadFileResponse> Take(List<Wire.UploadFileRequest> sent) => messages =>
    {
        sent.AddRange(messages);
        return new Wire.UploadFileResponse { File = Stored };
    };

    private Func<Wire.DownloadFileRequest, CancellationToken, IAsyncEnumerable<Wire.DownloadFileResponse>> Send(
        int upTo, RpcException? failure, Wire.StoredFile? described = null, bool none = false)
    {
        return Play;

        async IAsyncEnumerable<Wire.DownloadFileResponse> Play(
            Wire.DownloadFileRequest request, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            if (!none)
                yield return new Wire.DownloadFileResponse { File = described ?? Stored };
            for (var at = (int)request.Offset; at < upTo; at += 32_768)
            {
                var chunk = ByteString.CopyFrom(_content, at, Math.Min(32_768, upTo - at));
                yield return new Wire.DownloadFileResponse { Chunk = chunk };
            }

            if (failure is not null)
                throw failure;
        }
    }

    /// <summary>Does something at the first progress.</summary>
    private sealed class Done(Func<Task> what) : IProgress<long>
    {
        private bool _done;

        public void Report(long value)
        {
            if (_done)
                return;
            _done = true;
            what().GetAwaiter().GetResult();
        }
    }

    private sealed class Told : IProgress<long>
    {
        public List<long> Seen { get; } = [];

        public void Report(long value) => Seen.Add(value);
    }

    /// <summary>A stream that cannot seek.</summary>
    private sealed class OneWay(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }
    }
}
