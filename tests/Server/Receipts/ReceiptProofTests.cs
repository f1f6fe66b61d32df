using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Receipts;

/// <summary>What receipts prove: that the bridge gave them, and what had been submitted.</summary>
public sealed class ReceiptProofTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_submission_and_what_answers_it_carry_the_hashes_of_what_was_submitted_and_a_signature()
    {
        var form = await Us.NewFormAsync();
        var made = (await Us.Applications.SubmitApplicationAsync(new() { RequestId = Authority.NewId(), Application = form })).Case;
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        server.Script.Say(Said.Of(made.Number, new Received()));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);

        var receipts = await Us.AllReceiptsAsync();
        Assert.Equal([CaseEvent.Submit, CaseEvent.Sent, CaseEvent.Received], receipts.Select(receipt => receipt.Event));
        var keys = await KeysAsync();
        Assert.All(receipts, receipt => Assert.True(IsProven(receipt, keys), receipt.ToString()));

        var submitted = await Us.Receipts.GetSubmissionAsync(new() { MessageId = receipts[0].MessageId });
        var hash = Convert.ToHexStringLower(SHA256.HashData(submitted.Content.Span));
        var file = (await Us.Files.GetFileAsync(new() { FileId = form.FileIds[0] })).File;
        Assert.Equal((made.CaseId, "application/json", hash), (submitted.CaseId, submitted.ContentType, submitted.ContentSha256));
        Assert.Contains(file.Sha256, submitted.Content.ToStringUtf8(), StringComparison.Ordinal);
        Assert.All(receipts, receipt => Assert.Equal(
            ("first", receipts[0].MessageId, hash, file.Sha256, 1),
            (receipt.Proof.AuthorityId, receipt.Proof.SubmissionMessageId, receipt.Proof.ContentSha256, receipt.Proof.AttachmentSha256S.Single(),
                receipt.Proof.AttachmentCount)));
    }

    [Fact]
    public async Task What_others_have_submitted_is_not_found()
    {
        await Us.ApplyAsync();
        var receipt = (await Us.AllReceiptsAsync())[0];
        var refused = await Refusal.OfAsync(server.Second.Receipts.GetSubmissionAsync(new() { MessageId = receipt.MessageId }));
        refused.Is(StatusCode.NotFound, ErrorReason.SubmissionNotFound);
        (await Refusal.OfAsync(Us.Receipts.GetSubmissionAsync(new() { MessageId = "none" }))).Is(StatusCode.NotFound, ErrorReason.SubmissionNotFound);
    }

    [Fact]
    public async Task A_change_of_any_field_breaks_the_proof()
    {
        var made = await Us.ApplyAsync();
        server.Script.Say(Said.Of(made.Number, new Received(), 1), Said.Of(made.Number, new RequireCorrection { Opinion = "Once more." }, 2));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.CorrectionRequired);
        var keys = await KeysAsync();
        var receipt = (await Us.AllReceiptsAsync())[^1];
        Assert.True(IsProven(receipt, keys));
        foreach (var field in Receipt.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Name is not ("cursor" or "proof")))
            Assert.False(IsProven(Changed(receipt, field), keys), field.Name);
        foreach (var field in ReceiptProof.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Name is not ("format" or "path" or "key_id")))
        {
            var changed = receipt.Clone();
            changed.Proof = (ReceiptProof)Changed(receipt.Proof, field);
            Assert.False(IsProven(changed, keys), field.Name);
        }
    }

    [Fact]
    public async Task Receipts_that_are_committed_together_share_a_signature_and_are_each_proven()
    {
        var forms = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Us.NewFormAsync()));
        server.Script.Hold();
        Task<Case>[] calls;
        using (server.LockWrites())
        {
            // They gather while nothing can be written.
            calls = [.. forms.Select(async form =>
                (await Us.Applications.SubmitApplicationAsync(new() { RequestId = Authority.NewId(), Application = form })).Case)];
            await Task.Delay(200);
        }

        await Task.WhenAll(calls);
        var keys = await KeysAsync();
        var receipts = await Us.AllReceiptsAsync();
        Assert.Equal(12, receipts.Count);
        Assert.All(receipts, receipt => Assert.True(IsProven(receipt, keys), receipt.ToString()));
        Assert.True(receipts.Select(receipt => receipt.Proof.Signature).Distinct().Count() < 12);
    }

    [Fact]
    public async Task Receipts_of_a_key_that_was_replaced_stay_proven()
    {
        await Us.ApplyAsync();
        var before = (await KeysAsync()).Single(key => key.Current);
        File.Delete(server.KeyFile);
        await server.RestartAsync();
        await Us.ApplyAsync();

        var keys = await KeysAsync();
        Assert.Equal([before.KeyId], keys.Where(key => !key.Current).Select(key => key.KeyId));
        var receipts = await Us.AllReceiptsAsync();
        Assert.Equal(2, receipts.Select(receipt => receipt.Proof.KeyId).Distinct().Count());
        Assert.All(receipts, receipt => Assert.True(IsProven(receipt, keys), receipt.ToString()));
    }

    [Fact]
    public async Task Receipts_from_before_the_bridge_signed_are_given_without_a_proof()
    {
        await Us.ApplyAsync();
        var old = (await Us.AllReceiptsAsync())[0];
        (old.Cursor, old.Proof) = ("", null);
        using (var connection = server.Connect())
            connection.Execute("UPDATE receipts SET content = @content WHERE number = 1", new { content = old.ToByteArray() });
        Assert.Null((await Us.AllReceiptsAsync())[0].Proof);
    }

    [Fact]
    public void The_example_of_the_document_is_as_the_server_writes_it()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "receipts.md"));
        var receipt = Receipt.Parser.ParseJson(Block(document, "json"));
        Assert.Equal(Block(document, "hex").ReplaceLineEndings(""), Convert.ToHexStringLower(CanonicalReceipt.Of(receipt).Bytes));
        var key = new SingleWindow.Bridge.V1.SigningKey
        {
            KeyId = receipt.Proof.KeyId, PublicKey = ByteString.FromBase64(string.Concat(Block(document, "pem").Split('\n')[1..^1])),
        };
        Assert.True(IsProven(receipt, [key]));
    }

    // As a client does it, with nothing but the contract's document.
    private static bool IsProven(Receipt receipt, IEnumerable<SingleWindow.Bridge.V1.SigningKey> keys)
    {
        var hash = SHA256.HashData([0, .. CanonicalReceipt.Of(receipt).Bytes]);
        foreach (var step in receipt.Proof.Path)
            hash = SHA256.HashData(step.Left ? [1, .. step.Sha256, .. hash] : [1, .. hash, .. step.Sha256]);
        byte[] name = Encoding.UTF8.GetBytes("singlewindow.bridge.v1.Receipts/1");
        byte[] signed = [0, 0, 0, (byte)name.Length, .. name, 0, 0, 0, 32, .. hash];
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(keys.Single(each => each.KeyId == receipt.Proof.KeyId).PublicKey.Span, out _);
        return key.VerifyData(signed, receipt.Proof.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static Receipt Changed(Receipt receipt, Google.Protobuf.Reflection.FieldDescriptor field) => (Receipt)Changed((IMessage)receipt, field);

    // The same message with one field made another.
    private static IMessage Changed(IMessage message, Google.Protobuf.Reflection.FieldDescriptor field)
    {
        var changed = message.Descriptor.Parser.ParseFrom(message.ToByteArray());
        if (field.IsRepeated)
        {
            var list = (System.Collections.IList)field.Accessor.GetValue(changed);
            list.Add(field.Name == "files" ? new StoredFile { FileId = "x", CreateTime = Times.ToTimestamp(1) } : "x");
            return changed;
        }

        field.Accessor.SetValue(changed, field.Accessor.GetValue(changed) switch
        {
            string text => text + "x",
            long number => number + 1,
            int number => number + 1,
            ByteString bytes => ByteString.CopyFrom([.. bytes.Span[..^1], (byte)(bytes.Span[^1] ^ 1)]),
            Google.Protobuf.WellKnownTypes.Timestamp time => new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = time.Seconds, Nanos = time.Nanos ^ 1024 },
            Enum value => Enum.ToObject(value.GetType(), Convert.ToInt32(value, CultureInfo.InvariantCulture) ^ 1),
            var other => throw new NotSupportedException($"{field.Name}: {other}"),
        });
        return changed;
    }

    private static string Block(string document, string language) =>
        Regex.Match(document, $"```{language}\\n(.*?)\\n```", RegexOptions.Singleline).Groups[1].Value;

    private async Task<IReadOnlyList<SingleWindow.Bridge.V1.SigningKey>> KeysAsync() => (await Us.Receipts.ListSigningKeysAsync(new())).SigningKeys;
}
