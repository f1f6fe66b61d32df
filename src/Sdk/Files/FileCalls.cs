using Google.Protobuf;
using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Files over the wire.</summary>
internal sealed class FileCalls(CallPipeline pipeline) : IFiles
{
    /// <summary>The most bytes that a file may have.</summary>
    public const int MostBytes = 4_194_304;

    private const int ChunkSize = 64 * 1024;

    private readonly Wire.FileService.FileServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.FileService.Descriptor.FullName);

    public async Task<UploadedFile> UploadAsync(
        string path, UploadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous });
        await using (content.ConfigureAwait(false))
            return await UploadAsync(content, Path.GetFileName(path), options, cancellationToken).ConfigureAwait(false);
    }

    public async Task<UploadedFile> UploadAsync(
        Stream content, string name, UploadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var requestId = options?.RequestId ?? Guid.NewGuid();
        var operation = new Operation(Rpc("UploadFile"), requestId, options?.Deadline ?? pipeline.Options.TransferDeadline);
        var source = await UploadSource.ReadAsync(content, operation.Rpc.ToString(), requestId, cancellationToken).ConfigureAwait(false);
        var header = new Wire.UploadFileHeader
        {
            RequestId = requestId.ToString("D"),
            Name = name,
            SizeBytes = source.Size,
            Sha256 = source.Sha256,
        };
        var outcome = await pipeline.RunAsync(
            operation, call => UploadOnceAsync(header, source, options?.Progress, call), cancellationToken).ConfigureAwait(false);
        var file = outcome.Value.ToModel();
        if (!string.Equals(file.Sha256, source.Sha256, StringComparison.OrdinalIgnoreCase))
            throw FileErrors.Damaged(operation.Rpc.ToString(), source.Sha256, file.Sha256, requestId);
        return new UploadedFile { File = file, RequestId = requestId };
    }

    public async Task<StoredFile> GetAsync(string fileId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileId);
        var request = new Wire.GetFileRequest { FileId = fileId };
        var response = await _calls.ReadAsync("GetFile", _stub.GetFileAsync, request, cancellationToken).ConfigureAwait(false);
        return response.File.ToModel();
    }

    public async Task<StoredFile> DownloadAsync(
        string fileId, string path, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var aside = path + ".partial";
        var destination = AsideFile.Open(aside, path);
        await using (destination.ConfigureAwait(false))
        {
            try
            {
                var file = await DownloadAsync(fileId, destination, options, cancellationToken).ConfigureAwait(false);
                destination.Flush(flushToDisk: true);

                // While it is still held, so that no other download's is taken for it.
                File.Move(aside, path, overwrite: true);
                return file;
            }
            catch
            {
                File.Delete(aside);
                throw;
            }
        }
    }

    public async Task<StoredFile> DownloadAsync(
        string fileId, Stream destination, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileId);
        ArgumentNullException.ThrowIfNull(destination);
        var operation = new Operation(Rpc("DownloadFile"), null, options?.Deadline ?? pipeline.Options.TransferDeadline);
        using var download = new Download(operation.Rpc.ToString(), destination, options?.Progress);
        await pipeline.RunAsync(operation, call => DownloadOnceAsync(fileId, download, call), cancellationToken, resumable: true)
            .ConfigureAwait(false);
        return download.Check();
    }

    private static Rpc Rpc(string method) => new(Wire.FileService.Descriptor.FullName, method);

    private async Task<Wire.StoredFile> UploadOnceAsync(
        Wire.UploadFileHeader header, UploadSource source, IProgress<long>? progress, CallOptions options)
    {
        source.Rewind();
        using var call = _stub.UploadFile(options);
        var goesOn = await TryAsync(() => call.RequestStream.WriteAsync(new() { Header = header })).ConfigureAwait(false);
        var buffer = new byte[ChunkSize];
        long sent = 0;
        int read;
        while (goesOn && (read = await source.ReadAsync(buffer, options.CancellationToken).ConfigureAwait(false)) > 0)
        {
            var chunk = ByteString.CopyFrom(buffer, 0, read);
            goesOn = await TryAsync(() => call.RequestStream.WriteAsync(new() { Chunk = chunk })).ConfigureAwait(false);
            sent += read;
            progress?.Report(sent);
        }

        if (goesOn)
            await TryAsync(call.RequestStream.CompleteAsync).ConfigureAwait(false);
        return (await call.ResponseAsync.ConfigureAwait(false)).File;
    }

    /// <summary>Sends something; false where the server has answered before it had read everything, or the connection has ended: the
    /// answer, or the lack of one, says why.</summary>
    private static async Task<bool> TryAsync(Func<Task> send)
    {
        try
        {
            await send().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException or HttpRequestException)
        {
            return false;
        }
    }

    private async Task<long> DownloadOnceAsync(string fileId, Download download, CallOptions options)
    {
        if (download.IsComplete)
            return download.Offset;
        using var call = _stub.DownloadFile(new Wire.DownloadFileRequest { FileId = fileId, Offset = download.Offset }, options);
        while (await call.ResponseStream.MoveNext(options.CancellationToken).ConfigureAwait(false))
        {
            var part = call.ResponseStream.Current;
            if (part.PartCase == Wire.DownloadFileResponse.PartOneofCase.File)
                download.Announce(part.File.ToModel());
            else if (part.PartCase == Wire.DownloadFileResponse.PartOneofCase.Chunk)
                await download.AddAsync(part.Chunk.Memory, options.CancellationToken).ConfigureAwait(false);
        }

        if (!download.IsComplete)
            throw new RpcException(new Grpc.Core.Status(StatusCode.DataLoss, "The download ended before the file did."));
        return download.Offset;
    }
}
