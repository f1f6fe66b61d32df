using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>Every refusal says its reason, what to do in both languages, and when to try again; however much a caller sent, it fits.</summary>
public sealed partial class RichErrorTests : IClassFixture<BridgeServer>
{
    // What clients take of trailers unless told otherwise; the C core's is the smallest.
    private const int MostTrailers = 8 * 1024;

    private readonly BridgeServer server;

    public RichErrorTests(BridgeServer server, ITestOutputHelper output)
    {
        this.server = server;
        server.Output = output;
    }

    public static TheoryData<ErrorReason> Reasons() => [.. Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified)];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_of_the_contract_has_its_texts_and_its_delay(ErrorReason reason)
    {
        var texts = ErrorTexts.Of(reason);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", texts.Zh);
        Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", texts.En);

        var fields = Placeholder().Matches(texts.Zh + texts.En).Select(match => match.Groups[1].Value).Distinct().Select(name => (name, $"<{name}>"));
        var refusal = Refusal.Of(new BridgeException(reason, [.. fields]).ToRpcException()).Is(texts.Status, reason);
        Assert.Equal(RichStatus.Domain, refusal.Info.Domain);
        Assert.DoesNotContain('{', refusal.TextIn("zh-CN") + refusal.TextIn("en"));
        Assert.Equal(
            texts.Status == StatusCode.Unavailable || reason is ErrorReason.RateLimited or ErrorReason.TooManyAtOnce,
            refusal.Details.Any(detail => detail.Is(RetryInfo.Descriptor)));
    }

    [Fact]
    public async Task What_a_caller_sent_comes_back_clipped()
    {
        // Of two units each: a clip in the middle of one would not be text.
        var id = "x" + string.Concat(Enumerable.Repeat("\U00020000", 30_000));
        foreach (var call in new Func<Task>[]
        {
            () => server.First.Cases.GetCaseAsync(new GetCaseRequest { CaseId = id }).ResponseAsync,
            () => server.First.Files.GetFileAsync(new GetFileRequest { FileId = id }).ResponseAsync,
            () => server.First.UploadAsync(new UploadFileHeader { RequestId = Authority.NewId(), Name = id[..240] + ".docx", SizeBytes = 1 }, [1]),
            () => server.First.Applications.SubmitApplicationAsync(
                new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = new Application { FileIds = { id, id } } }).ResponseAsync,
        })
        {
            var failure = await Assert.ThrowsAsync<RpcException>(call);
            Assert.NotEmpty(Refusal.Of(failure).Reason);
            Assert.InRange(failure.Trailers.Sum(entry => entry.Key.Length + 32 + Length(entry)) + (failure.Status.Detail.Length * 3), 1, MostTrailers);
            Assert.DoesNotContain('\uFFFD', Refusal.Of(failure).TextIn("en"));
        }
    }

    [Fact]
    public async Task Problems_without_number_are_counted_and_as_many_listed_as_fit()
    {
        var request = new SubmitApplicationRequest
        {
            RequestId = Authority.NewId(),
            Application = new Application { Category = "FROZEN_FRUIT", FileIds = { Enumerable.Range(0, 20).Select(i => new string('x', 300) + i) } },
        };
        var failure = await Assert.ThrowsAsync<RpcException>(() => server.First.Applications.SubmitApplicationAsync(request).ResponseAsync);
        var refusal = Refusal.Of(failure).Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
        Assert.InRange(int.Parse(refusal.Metadata["listed"]), 1, int.Parse(refusal.Metadata["count"]) - 1);
        Assert.Equal(refusal.Metadata["listed"], $"{refusal.Problems.Count}");
        Assert.Equal(refusal.Problems.Select(problem => problem.Field), refusal.Detail<BadRequest>().FieldViolations.Select(it => it.Field));
        Assert.InRange(failure.Trailers.Sum(entry => entry.Key.Length + 32 + Length(entry)), 1, MostTrailers);
    }

    private static int Length(global::Grpc.Core.Metadata.Entry entry) => entry.IsBinary ? entry.ValueBytes.Length * 4 / 3 : entry.Value.Length;

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
