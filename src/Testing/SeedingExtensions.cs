namespace SingleWindowBridge.Testing;

/// <summary>Brings cases to where a test begins, against any server with a simulated Customs.</summary>
public static class SeedingExtensions
{
    private static readonly NegotiationText Text = new() { Zh = "请确认。", En = "Please confirm." };

    /// <summary>Files a new case, plays both sides until it has come to a stage, and gives it as it stands there.</summary>
    /// <param name="client">A client of a sandbox account.</param>
    /// <param name="seed">What case, and how far.</param>
    /// <param name="cancellationToken">Gives it up; the case stays where it is then.</param>
    /// <exception cref="ArgumentOutOfRangeException">An assessment has no such stage.</exception>
    /// <exception cref="ValidationException">The category or a product is not within the account's scope, or the answers are wrong.</exception>
    public static async Task<Case> SeedCaseAsync(this ISingleWindowClient client, SeedCase seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(seed);
        if (!Enum.IsDefined(seed.Stage) || seed.Stage is Stage.Unknown or Stage.Reception)
            throw new ArgumentOutOfRangeException(nameof(seed), seed.Stage, "An assessment has no such stage.");

        var file = await client.Files.UploadAsync(new MemoryStream(Specimen.Pdf("A letter.")), "letter.pdf", cancellationToken: cancellationToken).ConfigureAwait(false);
        var draft = await client.Applications.SaveAsync(
            new Application
            {
                Category = seed.Category,
                Products = seed.Products,
                Contact = new Contact
                {
                    Department = "Food Safety", Name = "J. Kelly", Position = "Senior Inspector", Email = "j.kelly@authority.example",
                    Phone = new PhoneNumber("297", "5204160"),
                },
                Summary = "测试用申请 an application for a test",
                FileIds = [file.Id],
            },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        var handle = draft.Handle;
        await client.Sandbox.SetScenarioAsync("manual", handle.Id, cancellationToken: cancellationToken).ConfigureAwait(false);
        var at = draft.Case;
        while (at.Stage != seed.Stage)
            at = await AdvanceAsync(client, handle, at, seed, file.Id, cancellationToken).ConfigureAwait(false);
        if (seed.Scenario != "manual")
            await client.Sandbox.SetScenarioAsync(seed.Scenario, handle.Id, cancellationToken: cancellationToken).ConfigureAwait(false);
        return at;
    }

    // One step nearer: the authority's where it is its turn, Customs' otherwise.
    private static async Task<Case> AdvanceAsync(
        ISingleWindowClient client, CaseHandle handle, Case at, SeedCase seed, string fileId, CancellationToken cancellationToken)
    {
        var reply = new NegotiationReply { Text = new NegotiationText { En = "Agreed." } };
        if (at.Allows(CaseEvent.Submit))
        {
            var submitted = await (at.Stage switch
            {
                Stage.Application => handle.SubmitApplicationAsync(cancellationToken: cancellationToken),
                Stage.Questionnaire => handle.SubmitAnswersAsync(
                    seed.Answers ?? [Answer.OfText("supplementary_material", "见附件 See the attached file.", fileId)], cancellationToken: cancellationToken),
                Stage.Assessment => handle.SubmitRectificationAsync(
                    new RectificationAnswer { Statement = "已整改 Done.", FileIds = [fileId] }, cancellationToken: cancellationToken),
                Stage.ProtocolNegotiation => handle.SubmitReplyAsync(NegotiationTopic.Protocol, reply, cancellationToken: cancellationToken),
                _ => handle.SubmitReplyAsync(NegotiationTopic.Certificate, reply, cancellationToken: cancellationToken),
            }).ConfigureAwait(false);
            return submitted.Case;
        }

        return (await client.Sandbox.PerformAsync(handle.Id, Act(at, seed.Stage), cancellationToken: cancellationToken).ConfigureAwait(false)).Case;
    }

    private static CustomsAct Act(Case at, Stage goal) => (at.Stage, at.Status) switch
    {
        (_, Status.Declared or Status.Sent) => new CustomsAct.Received(),
        (Stage.Application or Stage.Questionnaire, Status.Received) => new CustomsAct.Approve(),
        (Stage.Application, _) => new CustomsAct.OpenQuestionnaire(),
        (Stage.Questionnaire, _) when goal == Stage.Assessment => new CustomsAct.RequireRectification("请补充监控计划。"),
        (Stage.Questionnaire, _) => new CustomsAct.OpenRound(Text),
        (Stage.ProtocolNegotiation or Stage.CertificateNegotiation, Status.Received) => new CustomsAct.CompleteNegotiation(),
        (Stage.ProtocolNegotiation, _) => new CustomsAct.PublishProtocol(),
        (Stage.ProtocolSigning, _) => new CustomsAct.PublishAnnouncement(),
        (Stage.Announcement, _) => new CustomsAct.OpenRound(Text),
        (Stage.CertificateNegotiation, _) => new CustomsAct.ConfirmCertificate(),
        (Stage.CertificateConfirmation, _) => new CustomsAct.Close(),
        _ => throw new InvalidOperationException($"A case in {at.Stage} {at.Status} cannot be brought on."),
    };
}
