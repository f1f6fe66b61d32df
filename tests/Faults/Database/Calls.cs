using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Faults.Database;

// Here they come before the types of the SDK, whose names are the same.
#pragma warning disable IDE0065
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
#pragma warning restore IDE0065

/// <summary>The services with a key, and the way in which a client asks again: the same request, until it gets through.</summary>
internal sealed class Calls
{
    private const int MostTries = 20;

    public Calls(GrpcChannel channel, string key)
    {
        var calls = channel.Intercept(headers =>
        {
            headers.Add("authorization", $"Bearer {key}");
            return headers;
        });
        Applications = new ApplicationService.ApplicationServiceClient(calls);
        Questionnaires = new QuestionnaireService.QuestionnaireServiceClient(calls);
        Rectifications = new RectificationService.RectificationServiceClient(calls);
        Negotiations = new NegotiationService.NegotiationServiceClient(calls);
        Reviews = new ReviewService.ReviewServiceClient(calls);
        Cases = new CaseService.CaseServiceClient(calls);
        Receipts = new ReceiptService.ReceiptServiceClient(calls);
        Files = new FileService.FileServiceClient(calls);
        Sandbox = new SandboxService.SandboxServiceClient(calls);
        Accounts = new AccountService.AccountServiceClient(calls);
    }

    public ApplicationService.ApplicationServiceClient Applications { get; }

    public QuestionnaireService.QuestionnaireServiceClient Questionnaires { get; }

    public RectificationService.RectificationServiceClient Rectifications { get; }

    public NegotiationService.NegotiationServiceClient Negotiations { get; }

    public ReviewService.ReviewServiceClient Reviews { get; }

    public CaseService.CaseServiceClient Cases { get; }

    public ReceiptService.ReceiptServiceClient Receipts { get; }

    public FileService.FileServiceClient Files { get; }

    public SandboxService.SandboxServiceClient Sandbox { get; }

    public AccountService.AccountServiceClient Accounts { get; }

    /// <summary>A request id that nobody has used.</summary>
    public static string NewId() => Guid.NewGuid().ToString();

    /// <summary>Makes a request, again where the server says UNAVAILABLE. Any other refusal is a fault.</summary>
    public static async Task<TAnswer> AskAsync<TRequest, TAnswer>(Func<TRequest, CallOptions, AsyncUnaryCall<TAnswer>> rpc, TRequest request) =>
        await AskAsync(async () => await rpc(request, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(20))));

    /// <summary>The same for a call of several messages.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                return await ask();
            }
            catch (RpcException refused) when (refused.StatusCode == StatusCode.Unavailable && turn < MostTries)
            {
                await Task.Delay(1);
            }
        }
    }

    /// <summary>Uploads a file.</summary>
    public Task<StoredFile> UploadAsync(UploadFileHeader header, byte[] content) => AskAsync(async () =>
    {
        using var call = Files.UploadFile(deadline: DateTime.UtcNow.AddSeconds(20));
        try
        {
            await call.RequestStream.WriteAsync(new UploadFileRequest { Header = header });
            await call.RequestStream.WriteAsync(new UploadFileRequest { Chunk = ByteString.CopyFrom(content) });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception cut) when (cut is RpcException or InvalidOperationException or IOException)
        {
            // The answer says why.
        }

        return (await call.ResponseAsync).File;
    });

    /// <summary>Downloads a file.</summary>
    public Task<byte[]> DownloadAsync(string fileId) => AskAsync(async () =>
    {
        using var call = Files.DownloadFile(new DownloadFileRequest { FileId = fileId }, deadline: DateTime.UtcNow.AddSeconds(20));
        var content = new MemoryStream();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            content.Write(call.ResponseStream.Current.Chunk.Span);
        return content.ToArray();
    });

    /// <summary>Follows the receipts from the first to this one, and gives their numbers.</summary>
    public async Task<IReadOnlyList<long>> FollowAsync(long last)
    {
        var numbers = new List<long>();
        await AskAsync(async () =>
        {
            using var call = Receipts.WatchReceipts(
                new WatchReceiptsRequest { AfterNumber = numbers.Count > 0 ? numbers[^1] : 0 }, deadline: DateTime.UtcNow.AddSeconds(20));
            while ((numbers.Count == 0 || numbers[^1] < last) && await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                if (call.ResponseStream.Current.Receipt is { } receipt)
                    numbers.Add(receipt.Number);
            }

            return 0;
        });
        return numbers;
    }
}
