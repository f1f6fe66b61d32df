using Dapper;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Files;

/// <summary>How much an account may upload and a case may carry; the next one above is refused by name, and nothing of it is kept.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    public QuotaTests()
    {
        server.Settings["Files:AccountFiles"] = "4";
        server.Settings["Files:AccountBytes"] = "100000";
    }

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task An_account_uploads_so_many_files_and_another_account_its_own()
    {
        for (var count = 0; count < 4; count++)
            await server.First.UploadAsync();
        var refusal = await Refusal.OfAsync(() => server.First.UploadAsync());
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.FileQuotaExceeded);
        Assert.Equal(("ACCOUNT", "4", "100000"),
            (refusal.Metadata["scope"], refusal.Metadata["limit_files"], refusal.Metadata["limit_bytes"]));
        Assert.DoesNotContain(refusal.Details, detail => detail.Is(Google.Rpc.RetryInfo.Descriptor));
        await server.Second.UploadAsync();
    }

    [Fact]
    public async Task An_account_uploads_so_many_bytes_and_what_was_refused_does_not_count()
    {
        await server.First.UploadAsync(SampleFiles.PdfOf(60_000));
        (await Refusal.OfAsync(() => server.First.UploadAsync(SampleFiles.PdfOf(60_000))))
            .Is(StatusCode.ResourceExhausted, ErrorReason.FileQuotaExceeded);
        await server.First.UploadAsync(SampleFiles.PdfOf(40_000));
        (await Refusal.OfAsync(() => server.First.UploadAsync())).Is(StatusCode.ResourceExhausted, ErrorReason.FileQuotaExceeded);
    }

    [Fact]
    public async Task The_same_upload_again_counts_once()
    {
        var header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "a.pdf", SizeBytes = SampleFiles.Pdf.Length };
        for (var times = 0; times < 10; times++)
            await server.First.UploadAsync(header, SampleFiles.Pdf);
        await server.First.UploadAsync();
    }

    [Fact]
    public async Task What_counts_is_what_is_stored_also_after_drafts_are_discarded_and_the_account_is_reset()
    {
        var kept = await server.First.UploadAsync(SampleFiles.PdfOf(20_000));
        var draft = await server.First.DraftAsync();
        await server.First.Applications.SaveApplicationAsync(new SaveApplicationRequest
        {
            RequestId = Authority.NewId(), CaseId = draft.CaseId, Application = new Application { FileIds = { kept } },
        });
        await server.First.Applications.DiscardApplicationAsync(
            new DiscardApplicationRequest { RequestId = Authority.NewId(), CaseId = draft.CaseId });
        await server.First.UploadAsync(SampleFiles.PdfOf(30_000));
        await server.First.Sandbox.ResetAccountAsync(new ResetAccountRequest());

        // Files stay over both, and may go with another case.
        Assert.Equal(kept, (await server.First.Files.GetFileAsync(new GetFileRequest { FileId = kept })).File.FileId);
        await server.First.UploadAsync(SampleFiles.PdfOf(40_000));
        (await Refusal.OfAsync(() => server.First.UploadAsync(SampleFiles.PdfOf(20_000))))
            .Is(StatusCode.ResourceExhausted, ErrorReason.FileQuotaExceeded);
        using var connection = server.Connect();
        Assert.Equal(
            connection.QuerySingle<(long, long)>("SELECT COUNT(*), CAST(SUM(size_bytes) AS BIGINT) FROM files WHERE authority_id = 'first' AND origin = 1"),
            connection.QuerySingle<(long, long)>("SELECT files, bytes FROM file_usage WHERE authority_id = 'first'"));
        Assert.Equal(0, connection.QuerySingle<long>("SELECT COUNT(*) FROM case_files"));
    }

    [Fact]
    public async Task A_case_carries_so_many_files_beside_its_application_each_content_once()
    {
        var scripted = new ScriptedServer();
        scripted.Settings["Files:CaseFiles"] = "2";
        await scripted.InitializeAsync();
        try
        {
            var caseId = await scripted.BringAsync(Stage.Assessment, Status.Pending);
            var request = new SubmitRectificationRequest
            {
                RequestId = Authority.NewId(),
                CaseId = caseId,
                Answer = new RectificationAnswer
                {
                    Statement = "已整改",
                    FileIds =
                    {
                        await scripted.FileAsync(), await scripted.First.UploadAsync(SampleFiles.PdfOf(2_000)),
                        await scripted.First.UploadAsync(SampleFiles.PdfOf(3_000)),
                    },
                },
            };
            foreach (var validateOnly in new[] { true, false })
            {
                request.ValidateOnly = validateOnly;
                var refusal = await Refusal.OfAsync(scripted.First.Rectifications.SubmitRectificationAsync(request));
                refusal.Is(StatusCode.ResourceExhausted, ErrorReason.FileQuotaExceeded);
                Assert.Equal(("CASE", "2"), (refusal.Metadata["scope"], refusal.Metadata["limit_files"]));
            }

            // What the questionnaire was sent with is known of the case.
            request.Answer.FileIds.RemoveAt(2);
            Assert.Equal(Status.Declared, (await scripted.First.Rectifications.SubmitRectificationAsync(request)).Case.Status);
        }
        finally
        {
            await scripted.DisposeAsync();
        }
    }
}
