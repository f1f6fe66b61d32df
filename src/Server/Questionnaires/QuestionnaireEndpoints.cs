using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Questionnaires;

/// <summary>QuestionnaireService: an RPC a file.</summary>
public sealed partial class QuestionnaireEndpoints(IBridgeDatabase database, CaseWriter writer, OpenedTemplates templates)
    : QuestionnaireService.QuestionnaireServiceBase;
