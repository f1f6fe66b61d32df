using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Cases;

/// <summary>A request id has one effect and one answer, however often it comes.</summary>
public sealed class IdempotencyTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task The_same_request_twice_has_one_effect_and_the_same_bytes()
    {
        server.Script.Hold();
        var request = await NewSubmitAsync();
        var first = await Us.Applications.SubmitApplicationAsync(request);
        var head = (await Us.AllReceiptsAsync()).Count;
        await Us.ActAsync(first.Case.CaseId, new CustomsAct { Received = new Received() });

        var second = await Us.Applications.SubmitApplicationAsync(request);
        Assert.Equal(first.ToByteArray(), second.ToByteArray());
        Assert.Equal(head + 1, (await Us.AllReceiptsAsync()).Count);
        Assert.Equal(2, (await Us.TimelineAsync(first.Case.CaseId)).Count);
    }

    [Fact]
    public async Task Two_at_once_have_one_effect()
    {
        server.Script.Hold();
        var request = await NewSubmitAsync();
        var before = (await Us.AllReceiptsAsync()).Count;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(async _ => await Us.Applications.SubmitApplicationAsync(request)));
        Assert.Single(answers.Select(answer => answer.ToByteString()).Distinct());
        Assert.Equal(before + 1, (await Us.AllReceiptsAsync()).Count);
    }

    [Fact]
    public async Task Other_content_under_the_same_id_is_refused()
    {
        server.Script.Hold();
        var request = await NewSubmitAsync();
        var made = await Us.Applications.SubmitApplicationAsync(request);
        request.Application.Summary = "something else";
        var refusal = await Refusal.OfAsync(Us.Applications.SubmitApplicationAsync(request));
        refusal.Is(StatusCode.AlreadyExists, ErrorReason.RequestIdReused);
        Assert.Equal(request.RequestId, refusal.Metadata["request_id"]);
        Assert.Equal(made.Case, await Us.GetAsync(made.Case.CaseId));

        // Another RPC is another content.
        var other = new SaveApplicationRequest { RequestId = request.RequestId, Application = new Application() };
        (await Refusal.OfAsync(Us.Applications.SaveApplicationAsync(other))).Is(StatusCode.AlreadyExists,
            ErrorReason.RequestIdReused);
    }

    [Fact]
    public async Task A_refused_request_uses_up_no_id()
    {
        server.Script.Hold();
        var request = await NewSubmitAsync();
        var form = request.Application;
        request.Application = new Application();
        (await Refusal.OfAsync(Us.Applications.SubmitApplicationAsync(request))).Is(StatusCode.InvalidArgument,
            ErrorReason.FieldInvalid);
        request.Application = form;
        Assert.Equal(Status.Declared, (await Us.Applications.SubmitApplicationAsync(request)).Case.Status);
    }

    [Fact]
    public async Task Two_authorities_may_use_the_same_id()
    {
        var id = Authority.NewId();
        var request = new SaveApplicationRequest { RequestId = id, Application = new Application { Summary = "ours" } };
        var ours = await Us.Applications.SaveApplicationAsync(request);
        var theirs = await server.Second.Applications.SaveApplicationAsync(request);
        Assert.NotEqual(ours.Case.CaseId, theirs.Case.CaseId);
    }

    [Theory]
    [InlineData("", "request_id Required")]
    [InlineData("1", "request_id Malformed")]
    [InlineData("6f1c2a9e3f0b4f4e9d570c1b7f3f8a11", "request_id Malformed")]
    [InlineData("{6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a11}", "request_id Malformed")]
    [InlineData("6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a1g", "request_id Malformed")]
    public async Task A_request_id_is_a_UUID(string id, string problem)
    {
        var refusals = new[]
        {
            await Refusal.OfAsync(
                Us.Applications.SaveApplicationAsync(
                    new SaveApplicationRequest { RequestId = id, Application = new Application() })),
            await Refusal.OfAsync(Us.Cases.RedeliverCaseAsync(new RedeliverCaseRequest { RequestId = id, CaseId = "x" })),
            await Refusal.OfAsync(Us.Sandbox.PerformActAsync(new PerformActRequest
            {
                RequestId = id, CaseId = "x", Act = new CustomsAct { Accept = new Accept() },
            })),
        };
        Assert.All(refusals, refusal => Assert.Equal(problem, refusal.Fields));
    }

    [Fact]
    public async Task A_UUID_in_capitals_is_the_same_UUID()
    {
        var request = new SaveApplicationRequest
        {
            RequestId = Authority.NewId(),
            Application = new Application { Summary = "once" }
        };
        var first = await Us.Applications.SaveApplicationAsync(request);
        request.RequestId = request.RequestId.ToUpperInvariant();
        Assert.Equal(first.ToByteArray(), (await Us.Applications.SaveApplicationAsync(request)).ToByteArray());
    }

    [Fact]
    public async Task An_act_of_Customs_asked_for_twice_at_once_is_done_once()
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync();
        var request = new PerformActRequest
        {
            RequestId = Authority.NewId(), CaseId = made.CaseId, Act = new CustomsAct { Received = new Received() },
        };
        Task<PerformActResponse[]> calls;
        using (server.LockWrites())
        {
            calls = Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => await Us.Sandbox.PerformActAsync(request)));
            await Task.Delay(200);
        }

        var answers = await calls;
        Assert.Single(answers.Select(answer => answer.ToByteString()).Distinct());
        Assert.Equal(2, (await Us.TimelineAsync(made.CaseId)).Count);

        request.Act = new CustomsAct { Accept = new Accept() };
        (await Refusal.OfAsync(Us.Sandbox.PerformActAsync(request))).Is(StatusCode.AlreadyExists, ErrorReason.RequestIdReused);
    }

    [Fact]
    public async Task An_upload_with_the_same_id_gives_the_same_file()
    {
        var header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "a.png", SizeBytes = SampleFiles.Png.Length };
        var first = await Us.UploadAsync(header, SampleFiles.Png);
        Assert.Equal(first, await Us.UploadAsync(header, SampleFiles.Png[..20], SampleFiles.Png[20..]));
        Assert.NotEqual(first.FileId,
            (await Us.UploadAsync(new UploadFileHeader(header) { RequestId = Authority.NewId() }, SampleFiles.Png)).FileId);

        var renamed = new UploadFileHeader(header) { Name = "b.png" };
        (await Refusal.OfAsync(() => Us.UploadAsync(renamed, SampleFiles.Png))).Is(StatusCode.AlreadyExists,
            ErrorReason.RequestIdReused);
    }

    [Fact]
    public async Task A_request_is_remembered_over_a_restart()
    {
        server.Script.Hold();
        var request = await NewSubmitAsync();
        var first = await Us.Applications.SubmitApplicationAsync(request);
        await server.RestartAsync();
        var receipts = (await Us.AllReceiptsAsync()).Count(it => it.CaseId == first.Case.CaseId);
        var second = await Us.Applications.SubmitApplicationAsync(request);
        Assert.Equal(first.ToByteArray(), second.ToByteArray());
        Assert.Equal(1, receipts);
        Assert.Single(await Us.TimelineAsync(first.Case.CaseId));
    }

    private async Task<SubmitApplicationRequest> NewSubmitAsync() =>
        new() { RequestId = Authority.NewId(), Application = await Us.NewFormAsync() };
}
