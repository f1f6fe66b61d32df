using SingleWindowBridge;

namespace BackOffice;

/// <summary>
/// Does what a case waits for. It decides from the case as it is now, never from what was done before: so it can be asked at any
/// time, as often as one likes, by any process. Every change names the etag of the case that it was decided from, and its request
/// id is kept under that etag: a change is made once, and only to the case as seen.
/// </summary>
public sealed class Responder(ISingleWindowClient client, StateFile file, CaseFiles files, CaseInput input)
{
    /// <summary>Does the next thing that the case waits for.</summary>
    /// <param name="details">The case.</param>
    /// <param name="isSandbox">Whether a simulated Customs answers it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What was done; null where the case waits for nothing of ours.</returns>
    /// <exception cref="BackOfficeException">Customs asks for something to which the input has no answer.</exception>
    public async Task<LocalizedText?> ActAsync(CaseDetails details, bool isSandbox, CancellationToken cancellationToken)
    {
        var (@case, handle) = (details.Case, client.Case(details.Case.Id));
        if (@case.Allows(CaseEvent.Redeliver))
        {
            await handle.RedeliverAsync(Change<ChangeOptions>(@case), cancellationToken);
            return new("已请求重新发送。", "Asked for the submission to be sent again.");
        }

        if (@case.Allows(CaseEvent.AcceptReview))
            return await AnswerReviewAsync(handle, @case, isSandbox, cancellationToken);

        if (@case.Allows(CaseEvent.Submit))
        {
            await SubmitAsync(handle, details, isSandbox, cancellationToken);
            return new($"已提交：{@case.Stage.Name().Zh}。", $"Submitted: {@case.Stage.Name().En}.");
        }

        if (@case.Allows(CaseEvent.SubmitSignatories) && input.Signatories is not null
            && (await handle.GetSignatoriesAsync(cancellationToken)).SubmitTime is null)
        {
            await SendSignatoriesAsync(handle, @case, input.Signatories, cancellationToken);
            return new("已提交签证官名单。", "Sent the list of signing officers.");
        }

        return null;
    }

    private async Task<LocalizedText> AnswerReviewAsync(
        CaseHandle handle, Case @case, bool isSandbox, CancellationToken cancellationToken)
    {
        var review = input.Review ?? throw new BackOfficeException($"The input has no answer to the review {@case.Number}.");
        if (isSandbox && input.Sandbox is { } sandbox && @case.SubmitTime is null)
            await client.Sandbox.SetScenarioAsync(sandbox.Scenario, @case.Id, cancellationToken: cancellationToken);
        if (review.Accept)
        {
            await handle.AcceptReviewAsync(review.Contact, Change<SubmitOptions>(@case), cancellationToken);
            return new("已同意检查。", "Accepted the review.");
        }

        await handle.DeclineReviewAsync(review.Contact, Change<SubmitOptions>(@case), cancellationToken);
        return new("已拒绝检查。", "Declined the review.");
    }

    private Task SubmitAsync(CaseHandle handle, CaseDetails details, bool isSandbox, CancellationToken cancellationToken) =>
        details.Case.Stage switch
        {
            Stage.Application => ApplyAsync(handle, details, isSandbox, cancellationToken),
            Stage.Questionnaire => AnswerAsync(handle, details, cancellationToken),
            Stage.Assessment => RectifyAsync(handle, details, cancellationToken),
            Stage.ProtocolNegotiation =>
                ReplyAsync(handle, details, NegotiationTopic.Protocol, input.ProtocolReplies, cancellationToken),
            Stage.CertificateNegotiation =>
                ReplyAsync(handle, details, NegotiationTopic.Certificate, input.CertificateReplies, cancellationToken),
            var other => throw new BackOfficeException($"This program cannot act in stage {other}."),
        };

    private async Task ApplyAsync(CaseHandle handle, CaseDetails details, bool isSandbox, CancellationToken cancellationToken)
    {
        var form = Prepared(input.Applications, Corrections(details), details);
        if (isSandbox && input.Sandbox is { } sandbox && details.Case.SubmitTime is null)
            await client.Sandbox.SetScenarioAsync(sandbox.Scenario, details.Case.Id, cancellationToken: cancellationToken);
        var application = new Application
        {
            Category = form.Category,
            Products = form.Products,
            Contact = form.Contact,
            Summary = form.Summary,
            FileIds = await files.UploadAsync(form.Files, cancellationToken),
        };
        await handle.SubmitApplicationAsync(application, Change<SubmitOptions>(details.Case), cancellationToken);
    }

    private async Task AnswerAsync(CaseHandle handle, CaseDetails details, CancellationToken cancellationToken)
    {
        var prepared = Prepared(input.Questionnaires, Corrections(details), details);
        var questions = (await handle.GetQuestionnaireAsync(cancellationToken)).Template.Questions.ToDictionary(q => q.Id);
        var answers = new List<Answer>();
        foreach (var (id, answer) in prepared)
        {
            if (!questions.TryGetValue(id, out var question))
                throw new BackOfficeException($"The questionnaire of this case has no question {id}.");
            answers.Add(new Answer
            {
                QuestionId = id,
                Value = answer.ValueFor(question),
                FileIds = await files.UploadAsync(answer.Files, cancellationToken),
            });
        }

        await handle.SubmitAnswersAsync(answers, Change<SubmitOptions>(details.Case), cancellationToken);
    }

    private async Task RectifyAsync(CaseHandle handle, CaseDetails details, CancellationToken cancellationToken)
    {
        var rounds = (await handle.ListRectificationsAsync(cancellationToken)).Rounds.Count;
        var prepared = Prepared(input.Rectifications, rounds - 1 + Corrections(details), details);
        var answer = new RectificationAnswer
        {
            Statement = prepared.Statement,
            FileIds = await files.UploadAsync(prepared.Files, cancellationToken),
        };
        await handle.SubmitRectificationAsync(answer, Change<SubmitOptions>(details.Case), cancellationToken);
    }

    private async Task ReplyAsync(
        CaseHandle handle,
        CaseDetails details,
        NegotiationTopic topic,
        IReadOnlyList<ReplyInput> replies,
        CancellationToken cancellationToken)
    {
        var negotiation = await handle.GetNegotiationAsync(topic, cancellationToken);
        var prepared = Prepared(replies, negotiation.Entries[0].Round - 1, details);
        var reply = new NegotiationReply
        {
            Text = prepared.Text,
            FileIds = await files.UploadAsync(prepared.Files, cancellationToken),
        };
        await handle.SubmitReplyAsync(topic, reply, Change<SubmitOptions>(details.Case), cancellationToken);
    }

    private async Task SendSignatoriesAsync(
        CaseHandle handle, Case @case, SignatoriesInput prepared, CancellationToken cancellationToken)
    {
        var officers = new List<SigningOfficer>();
        foreach (var officer in prepared.Officers)
        {
            var specimen = await files.UploadAsync(officer.SpecimenSignature, cancellationToken);
            officers.Add(new SigningOfficer(officer.Name, officer.Position, specimen));
        }

        var signatories = new Signatories
        {
            Officers = officers,
            SealFileIds = await files.UploadAsync(prepared.Seals, cancellationToken),
            FileIds = await files.UploadAsync(prepared.Files, cancellationToken),
        };
        await handle.SubmitSignatoriesAsync(signatories, Change<SubmitOptions>(@case), cancellationToken);
    }

    // How often Customs has asked, in the present stage, for a submission to be amended.
    private static int Corrections(CaseDetails details) => details.Opinions.Count(
        opinion => opinion.Stage == details.Case.Stage && opinion.Event == CaseEvent.RequireCorrection);

    private static T Prepared<T>(IReadOnlyList<T> prepared, int index, CaseDetails details) => index < prepared.Count
        ? prepared[index]
        : throw new BackOfficeException(
            $"{details.Case.Number} {details.Case.Stage.Code()} {details.Case.Status.Code()}: Customs asks for more than the "
            + $"input answers ({prepared.Count} of at least {index + 1}). Add the answer to the input and start again. "
            + details.Case.Opinion?.Text.ReplaceLineEndings(" "));

    private T Change<T>(Case @case)
        where T : ChangeOptions, new() => new() { RequestId = file.RequestId($"change {@case.ETag}"), ETag = @case.ETag };
}
