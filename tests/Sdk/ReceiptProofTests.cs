using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>What the client makes of the proof of a receipt. The receipt is the example of docs/receipts.md, signed by the server's code.</summary>
public sealed class ReceiptProofTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "receipts.md"));
    private static readonly Wire.Receipt Given = Wire.Receipt.Parser.ParseJson(Block("json"));

    private static readonly Wire.SigningKey Key = new()
    {
        KeyId = Given.Proof.KeyId, PublicKey = ByteString.FromBase64(string.Concat(Block("pem").Split('\n')[1..^1])),
    };

    [Fact]
    public async Task A_receipt_as_the_bridge_signed_it_is_proven_and_the_keys_are_asked_for_once()
    {
        var script = Publishing(Key);
        var receipts = script.Client().Receipts;
        await receipts.VerifyAsync(Given.ToModel());
        await receipts.VerifyAsync(Given.ToModel());
        Assert.Single(script.Requests<Wire.ListSigningKeysRequest>());
    }

    [Fact]
    public async Task A_receipt_with_anything_changed_is_not()
    {
        var receipts = Publishing(Key).Client().Receipts;
        var right = Given.ToModel();
        Receipt[] tampered =
        [
            right with { Number = 8 }, right with { CaseId = "other" }, right with { CaseNumber = null }, right with { Kind = CaseKind.Review },
            right with { Time = right.Time.AddMicroseconds(1) }, right with { Actor = Actor.Authority }, right with { Event = CaseEvent.Approve },
            right with { Stage = Stage.Completed }, right with { Status = Status.Approved }, right with { Opinion = right.Opinion + "!" },
            right with { FailureReason = "x" }, right with { Files = [] }, right with { Files = [right.Files[0] with { Sha256 = new string('0', 64) }] },
            right with { Files = [right.Files[0] with { SizeBytes = 1 }] }, right with { MessageId = null }, right with { ETag = "10" },
            right with { QuestionIds = [] }, right with { QuestionIds = ["inspection", "frequency"] },
            right with { Proof = right.Proof! with { AuthorityId = "nz-food" } }, right with { Proof = right.Proof! with { ContentSha256 = new string('0', 64) } },
            right with { Proof = right.Proof! with { AttachmentSha256s = [] } }, right with { Proof = right.Proof! with { AttachmentCount = 2 } },
            right with { Proof = right.Proof! with { SubmissionMessageId = null } }, right with { Proof = right.Proof! with { Path = [] } },
            right with { Proof = right.Proof! with { Path = [right.Proof!.Path[0] with { Left = true }] } },
            right with { Proof = right.Proof! with { Path = [right.Proof!.Path[0] with { Sha256 = "no hash" }] } },
            right with { Proof = right.Proof! with { Signature = "" } }, right with { Proof = right.Proof! with { Signature = "no base64!" } },
        ];
        foreach (var receipt in tampered)
        {
            var refused = await Assert.ThrowsAsync<ReceiptNotProvenException>(() => receipts.VerifyAsync(receipt));
            Assert.Equal((ReceiptProofFault.SignatureWrong, receipt.Number), (refused.Fault, refused.Number));
        }
    }

    [Fact]
    public async Task What_cannot_be_proven_says_why()
    {
        var right = Given.ToModel();
        await RefusedAsync(ReceiptProofFault.NotSigned, Publishing(Key).Client(), right with { Proof = null });
        await RefusedAsync(ReceiptProofFault.FormatUnknown, Publishing(Key).Client(), right with { Proof = right.Proof! with { Format = 2 } });
        await RefusedAsync(ReceiptProofFault.KeyUnknown, Publishing().Client(), right);
        await RefusedAsync(ReceiptProofFault.KeyNotPinned, Publishing(Key).Client(options => options.PinnedSigningKeys = ["another"]), right);
        await Publishing(Key).Client(options => options.PinnedSigningKeys = [Key.KeyId]).Receipts.VerifyAsync(right);

        // Another key under the id of the one that is trusted.
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = new Wire.SigningKey { KeyId = Key.KeyId, PublicKey = ByteString.CopyFrom(other.ExportSubjectPublicKeyInfo()) };
        await RefusedAsync(ReceiptProofFault.KeyUnknown, Publishing(forged).Client(), right);
    }

    [Fact]
    public async Task A_receipt_of_another_authority_is_proven_and_refused_where_one_is_named()
    {
        var right = Given.ToModel();
        await Publishing(Key).Client(options => options.ReceiptsOf = "aw-food").Receipts.VerifyAsync(right);
        await RefusedAsync(ReceiptProofFault.AuthorityOther, Publishing(Key).Client(options => options.ReceiptsOf = "nz-food"), right);

        // To give it another's name is to change it.
        var renamed = right with { Proof = right.Proof! with { AuthorityId = "nz-food" } };
        await RefusedAsync(ReceiptProofFault.SignatureWrong, Publishing(Key).Client(options => options.ReceiptsOf = "nz-food"), renamed);

        var script = Publishing(Key).OnStream("WatchReceipts", (Wire.WatchReceiptsRequest _, CancellationToken _) => Stream(Given));
        await using var client = script.Client(options => (options.VerifyReceipts, options.ReceiptsOf) = (ReceiptVerification.Always, "nz-food"));
        var refused = await Assert.ThrowsAsync<ReceiptNotProvenException>(
            () => client.Receipts.WatchAsync(ReceiptPosition.After(6)).FirstAsync().AsTask());
        Assert.Equal(ReceiptProofFault.AuthorityOther, refused.Fault);
    }

    [Theory]
    [InlineData(ReceiptVerification.Off, true, true)]
    [InlineData(ReceiptVerification.WhereSigned, false, true)]
    [InlineData(ReceiptVerification.Always, false, false)]
    public async Task Receipts_are_verified_as_they_come_where_that_is_asked_for(ReceiptVerification asked, bool takesTampered, bool takesUnsigned)
    {
        var tampered = Given.Clone();
        tampered.Opinion = "Approved.";
        var unsigned = Given.Clone();
        unsigned.Proof = null;
        foreach (var (receipt, taken) in new[] { (Given, true), (tampered, takesTampered), (unsigned, takesUnsigned) })
        {
            await IsTakenAsync(taken, receipt, client => client.Receipts.ListAsync(ReceiptPosition.After(6)).FirstAsync().AsTask());
            await IsTakenAsync(taken, receipt, client => client.Receipts.ListPageAsync(ReceiptPosition.After(6)));
            await IsTakenAsync(taken, receipt, client => client.Receipts.WatchAsync(ReceiptPosition.After(6)).FirstAsync().AsTask());
        }

        async Task IsTakenAsync(bool taken, Wire.Receipt receipt, Func<SingleWindowClient, Task> read)
        {
            var script = Publishing(Key)
                .On("ListReceipts", (Wire.ListReceiptsRequest _) => new Wire.ListReceiptsResponse { Receipts = { receipt }, HeadNumber = 7 })
                .OnStream("WatchReceipts", (Wire.WatchReceiptsRequest _, CancellationToken _) => Stream(receipt));
            await using var client = script.Client(options => options.VerifyReceipts = asked);
            if (taken)
                await read(client);
            else
                await Assert.ThrowsAsync<ReceiptNotProvenException>(() => read(client));
        }
    }

    [Fact]
    public async Task A_key_that_cannot_be_had_for_now_cuts_the_watch_and_the_receipt_comes_again()
    {
        var script = new ScriptedInvoker().Fail("ListSigningKeys", Failures.Plain(Grpc.Core.StatusCode.Unavailable))
            .On("ListSigningKeys", (Wire.ListSigningKeysRequest _) => new Wire.ListSigningKeysResponse { SigningKeys = { Key } });
        for (var i = 0; i < 2; i++)
            script.OnStream("WatchReceipts", (Wire.WatchReceiptsRequest _, CancellationToken _) => Stream(Given));
        await using var client = script.Client(options =>
            (options.VerifyReceipts, options.Retry) = (ReceiptVerification.Always, new RetryOptions { MaxAttempts = 1 }));
        var messages = await client.Receipts.WatchAsync(ReceiptPosition.After(6)).Take(2).ToListAsync();

        var cut = Assert.IsType<ReceiptMessage.Reconnecting>(messages[0]);
        Assert.IsType<UnavailableException>(cut.Error);
        Assert.Equal(7, Assert.IsType<ReceiptMessage.Receipt>(messages[1]).Value.Number);
        Assert.All(script.Requests<Wire.WatchReceiptsRequest>(), request => Assert.Equal(6, request.AfterNumber));
        Assert.Equal(2, script.Requests<Wire.WatchReceiptsRequest>().Count());
    }

    [Fact]
    public async Task Keys_pinned_after_the_client_was_made_are_not_its_keys()
    {
        var pinned = new List<string>();
        await using var client = Publishing(Key).Client(options => options.PinnedSigningKeys = pinned);
        pinned.Add("another");
        await client.Receipts.VerifyAsync(Given.ToModel());
    }

    [Fact]
    public async Task What_was_submitted_is_held_against_the_receipt()
    {
        var response = new Wire.GetSubmissionResponse { MessageId = Given.Proof.SubmissionMessageId, CaseId = Given.CaseId, Content = ByteString.CopyFromUtf8("content") };
        var script = new ScriptedInvoker().On("GetSubmission", (Wire.GetSubmissionRequest _) => response)
            .On("GetSubmission", (Wire.GetSubmissionRequest _) => new Wire.GetSubmissionResponse(response) { Content = ByteString.CopyFromUtf8("other") });
        var receipts = script.Client().Receipts;
        var submitted = await receipts.GetSubmissionAsync(Given.ToModel());
        Assert.Equal(Given.Proof.ContentSha256, submitted.Sha256);
        Assert.Equal(Given.Proof.SubmissionMessageId, script.Requests<Wire.GetSubmissionRequest>().Single().MessageId);
        var refused = await Assert.ThrowsAsync<ReceiptNotProvenException>(() => receipts.GetSubmissionAsync(Given.ToModel()));
        Assert.Equal(ReceiptProofFault.ContentWrong, refused.Fault);
        await Assert.ThrowsAsync<ArgumentException>(() => receipts.GetSubmissionAsync(Given.ToModel() with { Proof = null }));
    }

    private static async Task RefusedAsync(ReceiptProofFault fault, SingleWindowClient client, Receipt receipt) =>
        Assert.Equal(fault, (await Assert.ThrowsAsync<ReceiptNotProvenException>(() => client.Receipts.VerifyAsync(receipt))).Fault);

    private static ScriptedInvoker Publishing(params Wire.SigningKey[] keys) => new ScriptedInvoker()
        .On("ListSigningKeys", (Wire.ListSigningKeysRequest _) => new Wire.ListSigningKeysResponse { SigningKeys = { keys } });

    private static async IAsyncEnumerable<Wire.WatchReceiptsResponse> Stream(Wire.Receipt receipt)
    {
        await Task.Yield();
        yield return new Wire.WatchReceiptsResponse { Receipt = receipt };
    }

    private static string Block(string language) =>
        Regex.Match(Document, $"```{language}\\n(.*?)\\n```", RegexOptions.Singleline).Groups[1].Value;
}
