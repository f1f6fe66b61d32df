using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Wire;

/// <summary>How large a message may be, call by call: the largest that the contract allows passes, more is refused before it is read.</summary>
public sealed class ReceiveLimitTests : IClassFixture<BridgeServer>
{
    private readonly BridgeServer server;

    public ReceiveLimitTests(BridgeServer server, ITestOutputHelper output)
    {
        this.server = server;
        server.Output = output;
    }

    [Fact]
    public async Task A_file_of_4_MiB_travels_inside_an_act_and_more_does_not()
    {
        await server.First.FollowAsync("manual");
        var @case = await server.First.ApplyAsync();
        await server.First.ActAsync(@case.CaseId, new CustomsAct { Received = new() });
        await server.First.ActAsync(@case.CaseId, new CustomsAct { Approve = new() });
        await server.First.ActAsync(@case.CaseId, new CustomsAct { OpenQuestionnaire = new() });

        var act = new CustomsAct
        {
            RequireRectification = new RequireRectification
            {
                Requirements = new string('整', 10_000),
                Files = { new SandboxFile { Name = "requirements.pdf", Content = ByteString.CopyFrom(SampleFiles.PdfOf(FileRules.MostBytes)) } },
            },
        };
        // The stage does not allow it: the message has been read whole.
        Assert.Equal(StatusCode.FailedPrecondition, (await Refusal.OfAsync(() => server.First.ActAsync(@case.CaseId, act))).Code);

        act.RequireRectification.Files.Add(new SandboxFile { Name = "more.pdf", Content = ByteString.CopyFrom(SampleFiles.PdfOf(300 * 1024)) });
        (await Refusal.OfAsync(() => server.First.ActAsync(@case.CaseId, act))).Is(StatusCode.ResourceExhausted, ErrorReason.MessageTooLarge);
    }

    [Fact]
    public async Task A_file_of_4_MiB_is_uploaded_in_chunks_of_1_MiB()
    {
        var content = SampleFiles.PdfOf(FileRules.MostBytes);
        var header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "form.pdf", SizeBytes = content.Length };
        var file = await server.First.UploadAsync(header, [.. content.Chunk(1024 * 1024)]);
        Assert.Equal(content.Length, file.SizeBytes);
    }

    [Fact]
    public async Task A_chunk_of_more_than_1_MiB_is_refused()
    {
        var content = SampleFiles.PdfOf((1024 * 1024) + 2048);
        var header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "form.pdf", SizeBytes = content.Length };
        var refusal = await Refusal.OfAsync(() => server.First.UploadAsync(header, content));
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.MessageTooLarge);
        Assert.Equal($"{WireLimits.UploadMessage}", refusal.Metadata["limit_bytes"]);
    }

    [Fact]
    public async Task The_largest_list_of_signing_officers_is_an_ordinary_message()
    {
        var list = new Signatories { SealFileIds = { Ids(20) }, FileIds = { Ids(20) } };
        for (var i = 0; i < 200; i++)
        {
            list.Officers.Add(new SigningOfficer
            {
                Name = Longest(100), Position = Longest(100), SpecimenSignatureFileId = Ids(1)[0],
            });
        }

        var request = new SubmitSignatoriesRequest { RequestId = Authority.NewId(), CaseId = Ids(1)[0], Etag = "1", Signatories = list };
        Assert.InRange(request.CalculateSize(), 160_000, WireLimits.OrdinaryMessage);
        var refusal = await Refusal.OfAsync(() => server.First.Negotiations.SubmitSignatoriesAsync(request).ResponseAsync);
        refusal.Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
    }

    [Fact]
    public void The_largest_answer_that_a_questionnaire_allows_is_a_message_with_answers()
    {
        var templates = server.Services.GetRequiredService<QuestionnaireTemplates>();
        var largest = templates.All.SelectMany(template => template.Parts)
            .SelectMany(part => part.Questions).Max(LargestAnswer);
        Assert.InRange(largest, 1, WireLimits.AnswersMessage - 1024);
    }

    [Fact]
    public async Task Answers_of_8_MiB_pass_and_more_do_not()
    {
        Assert.Equal(StatusCode.NotFound, await SaveAsync(8 * 1024 * 1024));
        Assert.Equal(StatusCode.ResourceExhausted, await SaveAsync(WireLimits.AnswersMessage));

        async Task<StatusCode> SaveAsync(int bytes) => (await Refusal.OfAsync(() => server.First.Questionnaires.SaveAnswersAsync(
            new SaveAnswersRequest
            {
                RequestId = Authority.NewId(), CaseId = "none",
                Answers = { new SingleWindow.Bridge.V1.Answer { Text = new string('x', bytes) } },
            }).ResponseAsync)).Code;
    }

    [Fact]
    public async Task Every_other_call_takes_an_ordinary_message_and_no_more()
    {
        var (fits, over) = (new string('x', WireLimits.OrdinaryMessage - 100), new string('x', WireLimits.OrdinaryMessage));
        (string Name, Func<string, Task> Call)[] calls =
        [
            ("GetCase", id => server.First.Cases.GetCaseAsync(new GetCaseRequest { CaseId = id }).ResponseAsync),
            ("GetFile", id => server.First.Files.GetFileAsync(new GetFileRequest { FileId = id }).ResponseAsync),
            ("DownloadFile", id => server.First.Files.DownloadFile(new DownloadFileRequest { FileId = id }).ResponseStream.MoveNext()),
            ("GetQuestionnaire", id => server.First.Questionnaires.GetQuestionnaireAsync(new GetQuestionnaireRequest { CaseId = id }).ResponseAsync),
            ("SetScenario", id => server.First.Sandbox.SetScenarioAsync(new SetScenarioRequest { Scenario = "manual", CaseId = id }).ResponseAsync),
        ];
        foreach (var (name, call) in calls)
        {
            Assert.Equal((name, StatusCode.NotFound), (name, (await Refusal.OfAsync(() => call(fits))).Code));
            Assert.Equal((name, "MESSAGE_TOO_LARGE"), (name, (await Refusal.OfAsync(() => call(over))).Reason));
        }
    }

    private static int LargestAnswer(Question question)
    {
        var answer = new SingleWindow.Bridge.V1.Answer { QuestionId = question.QuestionId, FileIds = { Ids(20) } };
        if (question.Type is QuestionType.Text or QuestionType.LongText)
            answer.Text = Longest(question.MaxLength);
        if (question.Type == QuestionType.Table)
        {
            var row = new TableRow();
            foreach (var column in question.Columns)
                row.Cells[column.ColumnId] = Longest(question.MaxLength);
            answer.Table = new TableAnswer();
            for (var i = 0; i < question.MaxRows; i++)
                answer.Table.Rows.Add(row);
        }

        return answer.CalculateSize();
    }

    // Characters outside the basic plane take four bytes each.
    private static string Longest(int characters) => string.Concat(Enumerable.Repeat("\U00020000", characters));

    private static string[] Ids(int count) => [.. Enumerable.Repeat("01KA8BERGZQ4ZQJ7KJ41GPWGH3", count)];
}
