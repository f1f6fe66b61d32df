using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Cases;

/// <summary>What belongs to another authority is not to be told from what never was.</summary>
public sealed class TenancyTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private const string Nothing = "01KA8BERGZQ4ZQJ7KJ41GPWGH3";

    private static readonly Dictionary<string, Func<Authority, string, Task>> Reads = new()
    {
        ["GetCase"] = async (it, id) => await it.Cases.GetCaseAsync(new GetCaseRequest { CaseId = id }),
        ["ListTimeline"] = async (it, id) => await it.Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = id }),
        ["GetApplication"] = async (it, id) => await it.Applications.GetApplicationAsync(new GetApplicationRequest { CaseId = id }),
        ["GetQuestionnaire"] = async (it, id) => await it.Questionnaires.GetQuestionnaireAsync(
            new GetQuestionnaireRequest { CaseId = id }),
        ["ListRectifications"] = async (it, id) => await it.Rectifications.ListRectificationsAsync(
            new ListRectificationsRequest { CaseId = id }),
        ["GetNegotiation"] = async (it, id) => await it.Negotiations.GetNegotiationAsync(
            new GetNegotiationRequest { CaseId = id, Topic = NegotiationTopic.Protocol }),
        ["GetSignatories"] = async (it, id) => await it.Negotiations.GetSignatoriesAsync(new GetSignatoriesRequest { CaseId = id }),
        ["SetScenario"] = async (it, id) => await it.Sandbox.SetScenarioAsync(
            new SetScenarioRequest { CaseId = id, Scenario = "manual" }),
    };

    public static TheoryData<string> ReadNames => [.. Reads.Keys];

    public static TheoryData<int> AttemptNumbers => [.. Enumerable.Range(0, Attempt.All.Count)];

    [Theory, MemberData(nameof(ReadNames))]
    public async Task Another_authoritys_case_is_not_there_to_be_read(string name)
    {
        var theirs = await server.First.GetAsync(await server.BringAsync(Stage.CertificateNegotiation, Status.Approved));
        await Reads[name](server.First, theirs.CaseId);
        await SameAsNothingAsync(id => Reads[name](server.Second, id), ErrorReason.CaseNotFound, theirs.CaseId, theirs.Number);
    }

    [Theory, MemberData(nameof(AttemptNumbers))]
    public async Task Another_authoritys_case_is_not_there_to_be_changed(int number)
    {
        var attempt = Attempt.All[number];
        var file = await server.Second.UploadAsync();
        var theirs = await server.First.GetAsync(await server.BringAsync(Stage.Application, Status.Received));
        await SameAsNothingAsync(id => attempt.MakeAsync(server.Second, id, file), ErrorReason.CaseNotFound, theirs.CaseId,
            theirs.Number);
        Assert.Equal(theirs, await server.First.GetAsync(theirs.CaseId));
    }

    [Fact]
    public async Task Another_authoritys_file_is_not_there()
    {
        var theirs = await server.First.UploadAsync();
        await SameAsNothingAsync(
            async id => await server.Second.Files.GetFileAsync(new GetFileRequest { FileId = id }), ErrorReason.FileNotFound,
            theirs);
        await SameAsNothingAsync(
            async id =>
            {
                using var call = server.Second.Files.DownloadFile(new DownloadFileRequest { FileId = id });
                await call.ResponseStream.MoveNext(CancellationToken.None);
            },
            ErrorReason.FileNotFound,
            theirs);
    }

    [Fact]
    public async Task A_file_of_the_same_content_is_a_file_of_ones_own()
    {
        var ours = await server.First.UploadAsync();
        var theirs = await server.Second.UploadAsync();
        Assert.NotEqual(ours, theirs);
        var file = (await server.Second.Files.GetFileAsync(new GetFileRequest { FileId = theirs })).File;
        Assert.Equal((theirs, file.Sha256),
            (file.FileId, (await server.First.Files.GetFileAsync(new GetFileRequest { FileId = ours })).File.Sha256));
    }

    private static async Task SameAsNothingAsync(Func<string, Task> call, ErrorReason reason, params string[] ids)
    {
        var nothing = (await Refusal.OfAsync(() => call(Nothing))).Is(StatusCode.NotFound, reason);
        foreach (var id in ids)
        {
            var refusal = (await Refusal.OfAsync(() => call(id))).Is(StatusCode.NotFound, reason);
            Assert.Equal(Text(nothing, Nothing), Text(refusal, id));
        }
    }

    // All that a caller can read, with the id that was asked for left out.
    private static string Text(Refusal refusal, string id) => string.Join(
        '\n',
        [
            .. refusal.Details.Select(it => it.TypeUrl), refusal.Reason, refusal.Info.Domain,
            .. refusal.Metadata.Select(it => $"{it.Key}={it.Value}"), refusal.TextIn("zh-CN"), refusal.TextIn("en"), refusal.Message,
        ]).Replace(id, "?", StringComparison.Ordinal);
}
