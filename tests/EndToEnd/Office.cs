using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Testing;

namespace SingleWindowBridge.EndToEnd;

/// <summary>An authority that brings its cases on by the verbs of the SDK alone, and answers whatever it is asked.</summary>
internal sealed class Office(SingleWindowClient client)
{
    public const string Category = "FROZEN_FRUIT";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    public static Contact Contact { get; } = new()
    {
        Department = "Plant Health",
        Name = "J. Kelly",
        Position = "Senior inspector",
        Phone = new PhoneNumber("297", "5204160"),
        Email = "plants@authority.example",
    };

    /// <summary>Applies for frozen fruit and sees the assessment through.</summary>
    public async Task<CaseDetails> PassAssessmentAsync()
    {
        var filed = await client.Applications.SubmitAsync(new Application
        {
            Category = Category,
            Products = ["FROZEN_FRUIT_ALL"],
            Contact = Contact,
            Summary = "冷冻蓝莓 frozen blueberries",
            FileIds = [await UploadAsync()],
        });
        return await SeeThroughAsync(filed.Handle);
    }

    /// <summary>Has Customs start a review, and follow a scenario in it.</summary>
    public async Task<Case> StartReviewAsync(string scenario)
    {
        var started = await client.Sandbox.StartReviewAsync(new ReviewStart(Category));
        await client.Sandbox.SetScenarioAsync(scenario, started.Case.Id);
        return started.Case;
    }

    /// <summary>Answers what the case waits for until it has ended.</summary>
    public async Task<CaseDetails> SeeThroughAsync(CaseHandle handle)
    {
        while (true)
        {
            var at = await handle.WaitForAsync(it => it.HasEnded || it.Allows(CaseEvent.Submit), Patience);
            if (at.HasEnded)
                return await handle.GetAsync();
            await SubmitAsync(handle, at.Stage);
        }
    }

    /// <summary>Submits what the stage asks for.</summary>
    public async Task SubmitAsync(CaseHandle handle, Stage stage)
    {
        var file = await UploadAsync();
        var reply = new NegotiationReply { Text = new NegotiationText { En = "We agree." } };
        await (stage switch
        {
            Stage.Questionnaire => handle.SubmitAnswersAsync(
            [
                new Answer { QuestionId = "supplementary_material", Value = new AnswerValue.Text("见附件"), FileIds = [file] },
            ]),
            Stage.Assessment => handle.SubmitRectificationAsync(
                new RectificationAnswer { Statement = "已整改", FileIds = [file] }),
            Stage.ProtocolNegotiation => handle.SubmitReplyAsync(NegotiationTopic.Protocol, reply),
            Stage.CertificateNegotiation => handle.SubmitReplyAsync(NegotiationTopic.Certificate, reply),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Nothing is asked here."),
        });
    }

    private async Task<string> UploadAsync() => (await client.Files.UploadAsync(new MemoryStream(SampleFiles.Pdf), "page.pdf")).Id;
}
