using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>One thing that somebody may try with a case, through the RPC that is for it, with a content that passes.</summary>
/// <param name="Actor">Who acts.</param>
/// <param name="Event">What happens.</param>
/// <param name="Stage">The stage that the call is for; UNSPECIFIED for any.</param>
/// <param name="MakeAsync">Makes the call on a case, with the id of an uploaded file, and gives the case afterwards; null where it is gone.</param>
public sealed record Attempt(Actor Actor, CaseEvent Event, Stage Stage, Func<Authority, string, string, Task<Case?>> MakeAsync)
{
    /// <summary>Every RPC that changes a case, and every act of Customs.</summary>
    public static IReadOnlyList<Attempt> All { get; } =
    [
        By(CaseEvent.Save, Stage.Application, async (it, id, file) => (await it.Applications.SaveApplicationAsync(
            new SaveApplicationRequest { RequestId = Authority.NewId(), CaseId = id, Application = Form(file) })).Case),
        By(CaseEvent.Submit, Stage.Application, async (it, id, file) => (await it.Applications.SubmitApplicationAsync(
            new SubmitApplicationRequest { RequestId = Authority.NewId(), CaseId = id, Application = Form(file) })).Case),
        By(CaseEvent.Discard, Stage.Application, async (it, id, _) =>
        {
            await it.Applications.DiscardApplicationAsync(
                new DiscardApplicationRequest { RequestId = Authority.NewId(), CaseId = id });
            return null;
        }),
        By(CaseEvent.AcceptReview, Stage.Reception, async (it, id, _) => (await it.Reviews.AcceptReviewAsync(
            new AcceptReviewRequest { RequestId = Authority.NewId(), CaseId = id, Contact = Authority.NewContact() })).Case),
        By(CaseEvent.DeclineReview, Stage.Reception, async (it, id, _) => (await it.Reviews.DeclineReviewAsync(
            new DeclineReviewRequest { RequestId = Authority.NewId(), CaseId = id, Contact = Authority.NewContact() })).Case),
        By(CaseEvent.Save, Stage.Questionnaire, async (it, id, file) => (await it.Questionnaires.SaveAnswersAsync(
            new SaveAnswersRequest { RequestId = Authority.NewId(), CaseId = id, Answers = { Supplement(file) } })).Case),
        By(CaseEvent.Submit, Stage.Questionnaire, async (it, id, file) => (await it.Questionnaires.SubmitAnswersAsync(
            new SubmitAnswersRequest { RequestId = Authority.NewId(), CaseId = id, Answers = { Supplement(file) } })).Case),
        By(CaseEvent.Save, Stage.Assessment, async (it, id, file) => (await it.Rectifications.SaveRectificationAsync(
            new SaveRectificationRequest { RequestId = Authority.NewId(), CaseId = id, Answer = Rectified(file) })).Case),
        By(CaseEvent.Submit, Stage.Assessment, async (it, id, file) => (await it.Rectifications.SubmitRectificationAsync(
            new SubmitRectificationRequest { RequestId = Authority.NewId(), CaseId = id, Answer = Rectified(file) })).Case),
        SaveReply(NegotiationTopic.Protocol, Stage.ProtocolNegotiation),
        SubmitReply(NegotiationTopic.Protocol, Stage.ProtocolNegotiation),
        SaveReply(NegotiationTopic.Certificate, Stage.CertificateNegotiation),
        SubmitReply(NegotiationTopic.Certificate, Stage.CertificateNegotiation),
        By(CaseEvent.SubmitSignatories, Stage.CertificateNegotiation, async (it, id, file) =>
            (await it.Negotiations.SubmitSignatoriesAsync(
            new SubmitSignatoriesRequest { RequestId = Authority.NewId(), CaseId = id, Signatories = Officers(file) })).Case),
        By(CaseEvent.Redeliver, Stage.Unspecified, async (it, id, _) => (await it.Cases.RedeliverCaseAsync(
            new RedeliverCaseRequest { RequestId = Authority.NewId(), CaseId = id })).Case),
        Act(CaseEvent.Received, new CustomsAct { Received = new Received() }),
        Act(CaseEvent.ReceiveFailed, new CustomsAct { ReceiveFailed = new ReceiveFailed { FailureReason = "附件损坏" } }),
        Act(CaseEvent.Accept, new CustomsAct { Accept = new Accept() }),
        Act(CaseEvent.NotAccept, new CustomsAct { NotAccept = new NotAccept { Opinion = "不予受理" } }),
        Act(CaseEvent.RequireCorrection, new CustomsAct { RequireCorrection = new RequireCorrection { Opinion = "请补正" } }),
        Act(CaseEvent.Approve, new CustomsAct { Approve = new Approve() }),
        Act(CaseEvent.ApproveAssessment, new CustomsAct { ApproveAssessment = new ApproveAssessment() }),
        Act(CaseEvent.OpenQuestionnaire, new CustomsAct { OpenQuestionnaire = new OpenQuestionnaire() }),
        Act(CaseEvent.RequireRectification,
            new CustomsAct { RequireRectification = new RequireRectification { Requirements = "整改" } }),
        Act(CaseEvent.OpenRound, new CustomsAct { OpenRound = new OpenRound { Text = new NegotiationText { Zh = "请回复" } } }),
        Act(CaseEvent.CompleteNegotiation, new CustomsAct { CompleteNegotiation = new CompleteNegotiation() }),
        Act(CaseEvent.PublishProtocol, new CustomsAct { PublishProtocol = new PublishProtocol() }),
        Act(CaseEvent.PublishAnnouncement, new CustomsAct { PublishAnnouncement = new PublishAnnouncement() }),
        Act(CaseEvent.ConfirmCertificate, new CustomsAct { ConfirmCertificate = new ConfirmCertificate() }),
        Act(CaseEvent.Close, new CustomsAct { Close = new Close() }),
        Act(CaseEvent.Reject, new CustomsAct { Reject = new Reject { Opinion = "审核不通过" } }),
    ];

    /// <summary>The one for an event; where there are several, the one of a stage.</summary>
    public static Attempt At(CaseEvent what, Stage stage) =>
        All.Single(it => it.Event == what && (it.Stage == Stage.Unspecified || it.Stage == stage));

    /// <summary>A form that passes.</summary>
    public static Application Form(string file) => new()
    {
        Category = "FROZEN_FRUIT",
        Products = { "FROZEN_FRUIT_ALL" },
        Contact = Authority.NewContact(),
        Summary = "冷冻蓝莓",
        FileIds = { file },
    };

    /// <summary>The answer that the shortest of questionnaires asks for.</summary>
    public static Answer Supplement(string file) =>
        new() { QuestionId = "supplementary_material", Text = "见附件", FileIds = { file } };

    /// <summary>An answer to a rectification that passes.</summary>
    public static RectificationAnswer Rectified(string file) => new() { Statement = "已整改", FileIds = { file } };

    /// <summary>A list of signing officers that passes.</summary>
    public static Signatories Officers(string file) => new()
    {
        Officers = { new SigningOfficer { Name = "A. Maduro", Position = "Veterinary Officer", SpecimenSignatureFileId = file } },
        SealFileIds = { file },
    };

    private static Attempt By(CaseEvent what, Stage stage, Func<Authority, string, string, Task<Case?>> make) =>
        new(Actor.Authority, what, stage, make);

    private static Attempt Act(CaseEvent what, CustomsAct act) =>
        new(Actor.Customs, what, Stage.Unspecified, async (it, id, _) => await it.ActAsync(id, act));

    private static Attempt SaveReply(NegotiationTopic topic, Stage stage) =>
        By(CaseEvent.Save, stage, async (it, id, file) => (await it.Negotiations.SaveReplyAsync(
            new SaveReplyRequest { RequestId = Authority.NewId(), CaseId = id, Topic = topic, Reply = Reply(file) })).Case);

    private static Attempt SubmitReply(NegotiationTopic topic, Stage stage) =>
        By(CaseEvent.Submit, stage, async (it, id, file) => (await it.Negotiations.SubmitReplyAsync(
            new SubmitReplyRequest { RequestId = Authority.NewId(), CaseId = id, Topic = topic, Reply = Reply(file) })).Case);

    private static NegotiationReply Reply(string file) =>
        new() { Text = new NegotiationText { En = "We agree." }, FileIds = { file } };
}
