using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Applications;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Negotiations;
using SingleWindowBridge.Server.Questionnaires;
using SingleWindowBridge.Server.Rectifications;
using SingleWindowBridge.Server.Reviews;
using SingleWindowBridge.Server.Sandbox;

namespace SingleWindow.Tests.Simulation;

/// <summary>A change that a client asks for, with a content that passes; asked again it is the same.</summary>
/// <param name="Who">Who asks.</param>
/// <param name="Id">The request's id.</param>
/// <param name="Actor">Who acts: the authority, or Customs by hand.</param>
/// <param name="Event">What it asks for.</param>
/// <param name="Stage">The stage that the call is for; UNSPECIFIED for any.</param>
/// <param name="CaseId">The case; empty for a new one.</param>
/// <param name="Etag">The etag that the case must have; empty for any.</param>
internal sealed record ClientRequest(
    SimulatedAuthority Who, string Id, Actor Actor, CaseEvent Event, Stage Stage, string CaseId, string Etag = "")
{
    private const string Category = "FROZEN_FRUIT";

    /// <summary>Everything that an authority may ask for, with the stage that it is for.</summary>
    public static readonly (CaseEvent Event, Stage Stage)[] OfAuthorities =
    [
        (CaseEvent.Save, Stage.Application), (CaseEvent.Submit, Stage.Application), (CaseEvent.Discard, Stage.Application),
        (CaseEvent.AcceptReview, Stage.Reception), (CaseEvent.DeclineReview, Stage.Reception),
        (CaseEvent.Save, Stage.Questionnaire), (CaseEvent.Submit, Stage.Questionnaire),
        (CaseEvent.Save, Stage.Assessment), (CaseEvent.Submit, Stage.Assessment),
        (CaseEvent.Save, Stage.ProtocolNegotiation), (CaseEvent.Submit, Stage.ProtocolNegotiation),
        (CaseEvent.Save, Stage.CertificateNegotiation), (CaseEvent.Submit, Stage.CertificateNegotiation),
        (CaseEvent.SubmitSignatories, Stage.CertificateNegotiation), (CaseEvent.Redeliver, Stage.Unspecified),
    ];

    private static readonly NegotiationText Text = new() { En = "We agree." };

    private Contact Contact { get; } = new()
    {
        Department = "Food Safety Division", Name = "Jan Jansen", Position = "Director",
        Phone = new PhoneNumber { CountryCode = "297", Number = "1234567" }, Email = "jan@food.example",
    };

    private string File => Who.FileId;

    private NegotiationReply Reply => new() { Text = Text, FileIds = { File } };

    private NegotiationTopic Topic => Stage == Stage.ProtocolNegotiation ? NegotiationTopic.Protocol : NegotiationTopic.Certificate;

    private Answer Answer => new() { QuestionId = "supplementary_material", Text = "见附件", FileIds = { File } };

    /// <summary>Another that reuses the id.</summary>
    public bool HasOtherContent { get; init; }

    /// <summary>Asks it of a server.</summary>
    public async Task<IMessage> AskAsync(SimulatedServer server)
    {
        var summary = HasOtherContent ? "something else" : "冷冻蓝莓";
        var form = new Application
        {
            Category = Category, Products = { "FROZEN_FRUIT_ALL" }, Contact = Contact, Summary = summary, FileIds = { File },
        };
        if (Actor == Actor.Customs)
        {
            var sandbox = server.Get<SandboxEndpoints>();
            if (Event == CaseEvent.StartReview)
            {
                return await sandbox.StartReview(
                    new StartReviewRequest { RequestId = Id, Category = Category, Summary = summary }, Call("sandbox.v1.SandboxService/StartReview"));
            }

            return await sandbox.PerformAct(
                new PerformActRequest { RequestId = Id, CaseId = CaseId, Act = ByHand(Event) }, Call("sandbox.v1.SandboxService/PerformAct"));
        }

        return (Event, Stage) switch
        {
            (CaseEvent.Save, Stage.Application) => await server.Get<ApplicationEndpoints>().SaveApplication(
                new SaveApplicationRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Application = form }, Call("SaveApplication")),
            (CaseEvent.Submit, Stage.Application) => await server.Get<ApplicationEndpoints>().SubmitApplication(
                new SubmitApplicationRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Application = form }, Call("SubmitApplication")),
            (CaseEvent.Discard, _) => await server.Get<ApplicationEndpoints>().DiscardApplication(
                new DiscardApplicationRequest { RequestId = Id, CaseId = CaseId, Etag = Etag }, Call("DiscardApplication")),
            (CaseEvent.AcceptReview, _) => await server.Get<ReviewEndpoints>().AcceptReview(
                new AcceptReviewRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Contact = Contact }, Call("AcceptReview")),
            (CaseEvent.DeclineReview, _) => await server.Get<ReviewEndpoints>().DeclineReview(
                new DeclineReviewRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Contact = Contact }, Call("DeclineReview")),
            (CaseEvent.Save, Stage.Questionnaire) => await server.Get<QuestionnaireEndpoints>().SaveAnswers(
                new SaveAnswersRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Answers = { Answer } }, Call("SaveAnswers")),
            (CaseEvent.Submit, Stage.Questionnaire) => await server.Get<QuestionnaireEndpoints>().SubmitAnswers(
                new SubmitAnswersRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Answers = { Answer } }, Call("SubmitAnswers")),
            (CaseEvent.Save, Stage.Assessment) => await server.Get<RectificationEndpoints>().SaveRectification(
                new SaveRectificationRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Answer = Rectified }, Call("SaveRectification")),
            (CaseEvent.Submit, Stage.Assessment) => await server.Get<RectificationEndpoints>().SubmitRectification(
                new SubmitRectificationRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Answer = Rectified }, Call("SubmitRectification")),
            (CaseEvent.Save, _) => await server.Get<NegotiationEndpoints>().SaveReply(
                new SaveReplyRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Topic = Topic, Reply = Reply }, Call("SaveReply")),
            (CaseEvent.Submit, _) => await server.Get<NegotiationEndpoints>().SubmitReply(
                new SubmitReplyRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Topic = Topic, Reply = Reply }, Call("SubmitReply")),
            (CaseEvent.SubmitSignatories, _) => await server.Get<NegotiationEndpoints>().SubmitSignatories(
                new SubmitSignatoriesRequest { RequestId = Id, CaseId = CaseId, Etag = Etag, Signatories = Officers }, Call("SubmitSignatories")),
            _ => await server.Get<CaseEndpoints>().RedeliverCase(
                new RedeliverCaseRequest { RequestId = Id, CaseId = CaseId, Etag = Etag }, Call("RedeliverCase")),
        };
    }

    private RectificationAnswer Rectified => new() { Statement = "已整改", FileIds = { File } };

    private Signatories Officers => new()
    {
        Officers = { new SigningOfficer { Name = "A. Maduro", Position = "Veterinary Officer", SpecimenSignatureFileId = File } },
        SealFileIds = { File },
    };

    private static CustomsAct ByHand(CaseEvent what) => what switch
    {
        CaseEvent.Received => new CustomsAct { Received = new Received() },
        CaseEvent.ReceiveFailed => new CustomsAct { ReceiveFailed = new ReceiveFailed { FailureReason = "附件损坏" } },
        CaseEvent.Accept => new CustomsAct { Accept = new Accept() },
        CaseEvent.NotAccept => new CustomsAct { NotAccept = new NotAccept { Opinion = "不予受理" } },
        CaseEvent.RequireCorrection => new CustomsAct { RequireCorrection = new RequireCorrection { Opinion = "请补正" } },
        CaseEvent.Approve => new CustomsAct { Approve = new Approve() },
        CaseEvent.ApproveAssessment => new CustomsAct { ApproveAssessment = new ApproveAssessment() },
        CaseEvent.OpenQuestionnaire => new CustomsAct { OpenQuestionnaire = new OpenQuestionnaire() },
        CaseEvent.RequireRectification => new CustomsAct { RequireRectification = new RequireRectification { Requirements = "整改" } },
        CaseEvent.OpenRound => new CustomsAct { OpenRound = new OpenRound { Text = Text } },
        CaseEvent.CompleteNegotiation => new CustomsAct { CompleteNegotiation = new CompleteNegotiation() },
        CaseEvent.PublishProtocol => new CustomsAct { PublishProtocol = new PublishProtocol() },
        CaseEvent.PublishAnnouncement => new CustomsAct { PublishAnnouncement = new PublishAnnouncement() },
        CaseEvent.ConfirmCertificate => new CustomsAct { ConfirmCertificate = new ConfirmCertificate() },
        CaseEvent.Close => new CustomsAct { Close = new Close() },
        _ => new CustomsAct { Reject = new Reject { Opinion = "审核不通过" } },
    };

    private SimulatedCall Call(string method) => new($"/singlewindow.{method}", Who.Account);
}
