using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using SingleWindow.Customs.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>The far end of the grpc channel over the generated stubs: takes submissions, and acts as Customs by a scenario.</summary>
internal sealed class GrpcFarEnd : IAsyncDisposable
{
    public const string Key = "customs-far-end-of-the-tests";

    private static readonly Routing ToBridge = new("GACC", ["BRIDGE"], "receipt.xml");

    private readonly GrpcChannel channel;
    private readonly CancellationTokenSource end = new();
    private readonly HashSet<string> stored = [];
    private readonly Dictionary<(string, SubmissionKind), int> counts = [];
    private readonly Dictionary<string, int> said = [];
    private Task work = Task.CompletedTask;

    public GrpcFarEnd(Uri address, string key = Key)
    {
        channel = GrpcChannel.ForAddress(address);
        Stub = new CustomsExchangeService.CustomsExchangeServiceClient(channel.Intercept(headers =>
        {
            headers.Add("authorization", $"Bearer {key}");
            return headers;
        }));
    }

    public CustomsExchangeService.CustomsExchangeServiceClient Stub { get; }

    /// <summary>Every submission stored, in order.</summary>
    public List<Submission> Submissions { get; } = [];

    /// <summary>The bytes of every attachment downloaded, by SHA-256.</summary>
    public Dictionary<string, byte[]> Attachments { get; } = [];

    /// <summary>Works until disposed, as a scenario says.</summary>
    public void Follow(string scenario) => work = Task.Run(async () =>
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(Scenarios.Find(scenario)!);
            }
            catch (RpcException) when (end.IsCancellationRequested)
            {
                return;
            }
        }
    });

    /// <summary>Takes what is due.</summary>
    public async Task<LeaseSubmissionsResponse> LeaseAsync(TimeSpan wait, int seconds = 60) => await Stub.LeaseSubmissionsAsync(
        new LeaseSubmissionsRequest
        {
            Lease = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)), Wait = Duration.FromTimeSpan(wait),
        },
        cancellationToken: end.Token);

    /// <summary>Gives a receipt as it is.</summary>
    public async Task<GiveReceiptResponse> GiveAsync(byte[] message)
    {
        using var call = Stub.GiveReceipt();
        foreach (var chunk in message.Chunk(100_000))
            await call.RequestStream.WriteAsync(new GiveReceiptRequest { Chunk = ByteString.CopyFrom(chunk) });
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    /// <summary>Gives a receipt.</summary>
    public Task<GiveReceiptResponse> GiveAsync(CustomsReceipt receipt) => GiveAsync(Written(receipt));

    /// <summary>A receipt in XML.</summary>
    public static byte[] Written(CustomsReceipt receipt)
    {
        using var message = new MemoryStream();
        MessageXml.Write(message, receipt, ToBridge, MessageXml.ContentsOf(receipt.Act));
        return message.ToArray();
    }

    /// <summary>A submission as it came.</summary>
    public static Submission Read(LeasedSubmission leased)
    {
        using var message = new MemoryStream(leased.Message.ToByteArray());
        return (Submission)MessageXml.Read(message).Body;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await work;
        channel.Dispose();
        end.Dispose();
    }

    private async Task WorkAsync(Scenario scenario)
    {
        var leased = await LeaseAsync(TimeSpan.FromSeconds(30));
        foreach (var given in leased.Submissions)
        {
            var submission = Read(given);
            if (submission.Content is ApplicationContent application)
            {
                foreach (var file in application.Files)
                    Attachments[file.Sha256] = await DownloadAsync(given.MessageId, file.Sha256);
            }

            var isNew = stored.Add(given.MessageId);
            if (isNew)
                Submissions.Add(submission);
            await Stub.AcknowledgeSubmissionAsync(
                new AcknowledgeSubmissionRequest { LeaseId = leased.LeaseId, MessageId = given.MessageId });
            if (isNew)
                await ActAsync(scenario, submission);
        }
    }

    private async Task ActAsync(Scenario scenario, Submission submission)
    {
        var kind = SubmissionKinds.KindOf(submission.Content);
        var count = counts[(submission.CaseNumber, kind)] = counts.GetValueOrDefault((submission.CaseNumber, kind)) + 1;
        var state = new SandboxCase { CaseNumber = submission.CaseNumber };
        foreach (var act in scenario.Turns.For(kind, count))
        {
            var numbered = act is RequireRectification asked ? asked with { Number = "QH959CSFZ8M2BQ2YZB" } : act;
            var sequence = said[submission.CaseNumber] = said.GetValueOrDefault(submission.CaseNumber) + 1;
            var receipt = new CustomsReceipt(
                Guid.NewGuid().ToString().ToUpperInvariant(), DateTimeOffset.UtcNow, submission.CaseNumber,
                SpecimenFiles.Complete(numbered, state, DateTimeOffset.UtcNow))
            { Sequence = sequence };
            var answer = await GiveAsync(receipt);
            Assert.Equal((0, receipt.MessageId), (answer.ResponseCode, answer.MessageId));
            Assert.Equal(answer, await GiveAsync(receipt));
        }
    }

    public async Task<byte[]> DownloadAsync(string messageId, string sha256)
    {
        using var content = new MemoryStream();
        using var call = Stub.DownloadAttachment(new DownloadAttachmentRequest { MessageId = messageId, Sha256 = sha256 });
        await foreach (var piece in call.ResponseStream.ReadAllAsync())
            piece.Chunk.WriteTo(content);
        return content.ToArray();
    }
}
