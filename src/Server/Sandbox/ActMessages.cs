using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Cases;
using Messages = SingleWindowBridge.Interop.Messages;
using Requested = SingleWindow.Sandbox.V1.CustomsAct;

namespace SingleWindowBridge.Server.Sandbox;

/// <summary>The acts of the Sandbox service as the messages of the exchange.</summary>
internal static class ActMessages
{
    /// <summary>The message of an act.</summary>
    public static Messages.CustomsAct From(Requested act) => act.ActCase switch
    {
        Requested.ActOneofCase.Received => new Messages.Received { Opinion = act.Received.Opinion },
        Requested.ActOneofCase.ReceiveFailed => new Messages.ReceiveFailed(act.ReceiveFailed.FailureReason),
        Requested.ActOneofCase.Accept => new Messages.Accept { Opinion = act.Accept.Opinion },
        Requested.ActOneofCase.NotAccept => new Messages.NotAccept { Opinion = act.NotAccept.Opinion },
        Requested.ActOneofCase.RequireCorrection => new Messages.RequireCorrection
        {
            Opinion = act.RequireCorrection.Opinion,
            QuestionIds = [.. act.RequireCorrection.QuestionIds],
        },
        Requested.ActOneofCase.Approve => new Messages.Approve { Opinion = act.Approve.Opinion },
        Requested.ActOneofCase.ApproveAssessment => new Messages.ApproveAssessment { Opinion = act.ApproveAssessment.Opinion },
        Requested.ActOneofCase.OpenQuestionnaire =>
            new Messages.OpenQuestionnaire(act.OpenQuestionnaire.TemplateId) { Opinion = act.OpenQuestionnaire.Opinion },
        Requested.ActOneofCase.RequireRectification => new Messages.RequireRectification("", act.RequireRectification.Requirements)
        {
            Opinion = act.RequireRectification.Opinion,
            Files = From(act.RequireRectification.Files),
        },
        Requested.ActOneofCase.OpenRound => new Messages.OpenRound(From(act.OpenRound.Text ?? new NegotiationText()))
        {
            Opinion = act.OpenRound.Opinion,
            Files = From(act.OpenRound.Files),
        },
        Requested.ActOneofCase.CompleteNegotiation => new Messages.CompleteNegotiation { Opinion = act.CompleteNegotiation.Opinion },
        Requested.ActOneofCase.PublishProtocol => new Messages.PublishProtocol
        {
            Opinion = act.PublishProtocol.Opinion,
            Files = From(act.PublishProtocol.Files),
        },
        Requested.ActOneofCase.PublishAnnouncement => new Messages.PublishAnnouncement { Opinion = act.PublishAnnouncement.Opinion },
        Requested.ActOneofCase.ConfirmCertificate => new Messages.ConfirmCertificate
        {
            Opinion = act.ConfirmCertificate.Opinion,
            Files = From(act.ConfirmCertificate.Files),
        },
        Requested.ActOneofCase.Close => new Messages.Close { Opinion = act.Close.Opinion },
        Requested.ActOneofCase.Reject => new Messages.Reject { Opinion = act.Reject.Opinion },
        _ => throw new ArgumentException($"An act that this version does not know: {act.ActCase}", nameof(act)),
    };

    /// <summary>The message of the start of a review; what is not given is made up.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="authorityId">The account that is reviewed.</param>
    /// <param name="products">The products where the request names none.</param>
    public static Messages.StartReview From(StartReviewRequest request, string authorityId, IReadOnlyList<string> products)
    {
        var usual = SandboxReview.Of(authorityId, request.Category, request.Products.Count > 0 ? [.. request.Products] : products);
        return usual with
        {
            Contact = request.Contact?.ToPerson() ?? usual.Contact,
            Summary = request.Summary.Length > 0 ? request.Summary : usual.Summary,
            Files = From(request.Files),
        };
    }

    private static TrilingualText From(NegotiationText text) => new(text.Zh, text.En, text.Other);

    private static IReadOnlyList<CustomsFile> From(IEnumerable<SandboxFile> files) =>
        [.. files.Select(file => new CustomsFile(file.Name, file.Content.Memory))];
}
