namespace SingleWindowBridge.Testing.Tests.Guides;

#region fixture
/// <summary>One sandbox server for a whole test class.</summary>
public sealed class Sandbox : IAsyncLifetime
{
    public SandboxServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await SandboxServer.StartAsync(new SandboxServerOptions
    {
        Cases = [new SeedCase(Stage.Questionnaire), new SeedCase(Stage.CertificateNegotiation)],
    });

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
#endregion

#region test
public sealed class QuestionnaireTests(Sandbox sandbox) : IClassFixture<Sandbox>
{
    [Fact]
    public async Task A_questionnaire_that_is_answered_is_declared()
    {
        var ours = new OurSystem(sandbox.Server.Client);
        var answered = await ours.AnswerAsync(sandbox.Server.Cases[0].Id, "See the attached list.");
        Assert.Equal(Status.Declared, answered.Status);
    }
}
#endregion

public sealed class TestingGuide : Guide
{
    protected override SandboxServerOptions Options => new() { ClockStopped = true, ActDelay = TimeSpan.FromDays(30) };

    [Fact(Timeout = 120_000)]
    public async Task Time_and_acts_are_in_the_hand_of_the_test()
    {
        var (server, client) = (Server, Server.Client);

        #region clock
        var waiting = await client.SeedCaseAsync(new SeedCase(Stage.Questionnaire) { Scenario = "straight_through" });
        await new OurSystem(client).AnswerAsync(waiting.Id, "See the attached list.");
        await client.Case(waiting.Id).WaitForAsync(it => it.Status == Status.Sent);
        await client.Sandbox.AdvanceClockAsync(TimeSpan.FromDays(30)); // Customs takes 30 days for an act: here no time.
        await client.Case(waiting.Id).WaitForAsync(it => it.Status != Status.Sent);
        #endregion

        #region act
        var seeded = await client.SeedCaseAsync(new SeedCase(Stage.Questionnaire));
        await new OurSystem(client).AnswerAsync(seeded.Id, "See the attached list.");
        await client.Sandbox.PerformAsync(seeded.Id, new CustomsAct.Received());
        await client.Sandbox.PerformAsync(seeded.Id, new CustomsAct.RequireCorrection("请补充实验室名单。 Name the laboratories."));
        var asked = (await client.Cases.GetAsync(seeded.Id)).Case;
        Assert.Equal(Status.CorrectionRequired, asked.Status);
        #endregion

        #region restart
        await server.RestartAsync(); // The same port, the same cases: watches go on by themselves.
        Assert.Equal(asked.ETag, (await client.Cases.GetAsync(seeded.Id)).Case.ETag);
        #endregion
    }

    [Fact]
    public void What_needs_no_server_is_made_by_hand()
    {
        #region models
        var receipt = new Receipt
        {
            Number = 7, Cursor = "7", CaseId = "01KA8BERGZQ4ZQJ7KJ41GPWGH3", Event = CaseEvent.RequireCorrection,
            Stage = Stage.Questionnaire, Status = Status.CorrectionRequired, Opinion = "Name the laboratories.",
        };
        Assert.Equal("Name the laboratories.", OurSystem.WordsFor(receipt));

        var refused = new CaseNotFoundException(new SingleWindowError { ReasonCode = "CASE_NOT_FOUND", MessageEn = "There is no such case." });
        Assert.False(refused.IsRetryable);
        #endregion
    }
}

/// <summary>What is tested in the guide's examples.</summary>
public sealed class OurSystem(ISingleWindowClient client)
{
    public async Task<Case> AnswerAsync(string caseId, string words)
    {
        var letter = (await client.Applications.GetAsync(caseId)).Files[0];
        return (await client.Questionnaires.SubmitAsync(caseId, [Answer.OfText("supplementary_material", words, letter.Id)])).Case;
    }

    public static string? WordsFor(Receipt receipt) => receipt.Opinion;
}
