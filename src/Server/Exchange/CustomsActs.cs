using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Negotiations;
using SingleWindowBridge.Server.Questionnaires;
using SingleWindowBridge.Server.Rectifications;
using SingleWindowBridge.Server.Reviews;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>What each act of Customs is to the workflow, and what it leaves with the case beside stage and status.</summary>
public sealed class CustomsActs(FoodCatalogue catalogue, QuestionnaireTemplates templates)
{
    /// <summary>The event that an act is.</summary>
    public static CaseEvent EventOf(Interop.Messages.CustomsAct act) => act switch
    {
        StartReview => CaseEvent.StartReview,
        Received => CaseEvent.Received,
        ReceiveFailed => CaseEvent.ReceiveFailed,
        Accept => CaseEvent.Accept,
        NotAccept => CaseEvent.NotAccept,
        RequireCorrection => CaseEvent.RequireCorrection,
        Approve => CaseEvent.Approve,
        ApproveAssessment => CaseEvent.ApproveAssessment,
        OpenQuestionnaire => CaseEvent.OpenQuestionnaire,
        RequireRectification => CaseEvent.RequireRectification,
        OpenRound => CaseEvent.OpenRound,
        CompleteNegotiation => CaseEvent.CompleteNegotiation,
        PublishProtocol => CaseEvent.PublishProtocol,
        PublishAnnouncement => CaseEvent.PublishAnnouncement,
        ConfirmCertificate => CaseEvent.ConfirmCertificate,
        Close => CaseEvent.Close,
        Reject => CaseEvent.Reject,
        _ => throw new ArgumentException($"An act that this version does not know: {act.GetType().Name}", nameof(act)),
    };

    /// <summary>Checks an act and keeps what came with it.</summary>
    public async Task ApplyAsync(CaseChange change, Interop.Messages.CustomsAct act)
    {
        Check(act);
        change.Files = await change.Sql.AddCustomsFilesAsync(change.Case.AuthorityId, act.Files, change.Now);
        switch (act)
        {
            case Received or ReceiveFailed:
                await change.Sql.SettleAllAsync(change.Case.CaseId);
                if (act is Received && change.Case.Stage == Stage.Questionnaire)
                    await Questionnaire.UnmarkAsync(change);
                break;
            case RequireCorrection correction:
                change.QuestionIds = correction.QuestionIds;
                if (change.Case.Stage == Stage.Questionnaire)
                    await Questionnaire.MarkAsync(change);
                break;
            case StartReview start:
                await change.KeepReviewAsync(start);
                break;
            case OpenQuestionnaire open:
                await Questionnaire.OpenAsync(change, TemplateFor(change.Case, open));
                break;
            case RequireRectification rectification:
                await change.AddRectificationAsync(rectification);
                break;
            case OpenRound round:
                await change.OpenRoundAsync(round);
                break;
            case CompleteNegotiation:
                await change.ProcessEntriesAsync(NegotiationTable.TopicOf(change.Case.Stage));
                break;
            case PublishProtocol:
                await change.Sql.AssignCustomsFilesAsync(change.Case.CaseId, CustomsFileRole.Protocol, change.Files);
                break;
            case ConfirmCertificate:
                await change.Sql.AssignCustomsFilesAsync(change.Case.CaseId, CustomsFileRole.Certificate, change.Files);
                break;
            case Close when change.Case.Kind == CaseKind.Assessment:
                await change.Sql.TryReviewsAgainAsync(change.Case.AuthorityId);
                break;
            default:
                break;
        }
    }

    /// <summary>Checks what an act says, wherever the case stands.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID, or a file is not allowed.</exception>
    public static void Check(Interop.Messages.CustomsAct act)
    {
        var rules = new FieldRules();
        Check(rules, act);
        rules.ThrowIfAny();
        FileTable.Check(act.Files);
    }

    /// <summary>Checks an act by hand before it is done; what the simulated Customs adds by itself may be missing.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID, TEMPLATE_NOT_FOUND, or a file is not allowed.</exception>
    public void Check(CaseRow @case, Interop.Messages.CustomsAct act)
    {
        if (act is not (PublishProtocol or ConfirmCertificate) || act.Files.Count > 0)
            Check(act);
        if (act is OpenQuestionnaire open)
            TemplateFor(@case, open);
    }

    private static void Check(FieldRules rules, Interop.Messages.CustomsAct act)
    {
        var field = $"act.{WireNames.Of(EventOf(act)).ToLowerInvariant()}";
        switch (act)
        {
            case NotAccept or RequireCorrection or Reject:
                rules.Required($"{field}.opinion", !string.IsNullOrWhiteSpace(act.Opinion));
                break;
            case ReceiveFailed failed:
                rules.Required($"{field}.failure_reason", !string.IsNullOrWhiteSpace(failed.FailureReason));
                break;
            case RequireRectification rectification:
                rules.Required($"{field}.requirements", !string.IsNullOrWhiteSpace(rectification.Requirements));
                break;
            case OpenRound round:
                rules.Required($"{field}.text", !string.IsNullOrWhiteSpace(round.Text.Zh + round.Text.En + round.Text.Other));
                break;
            case PublishProtocol or ConfirmCertificate:
                rules.Required($"{field}.files", act.Files.Count > 0);
                break;
            default:
                break;
        }
    }

    // Customs may name a template; else the case's products decide.
    private QuestionnaireTemplate TemplateFor(CaseRow @case, OpenQuestionnaire act)
    {
        var found = act.TemplateId.Length > 0
            ? templates.TryGet(act.TemplateId, 0, out var template)
            : catalogue.TryGetTemplateFor(@case.ProductCodes, out template);
        return found && template is not null
            ? template
            : throw new BridgeException(ErrorReason.TemplateNotFound, ("template_id", act.TemplateId), ("version", "0"));
    }
}
