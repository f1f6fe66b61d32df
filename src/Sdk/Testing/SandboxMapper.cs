using Google.Protobuf;
using Wire = SingleWindow.Sandbox.V1;

namespace SingleWindowBridge.Testing;

/// <summary>From our acts to the contract's.</summary>
internal static class SandboxMapper
{
    public static Wire.CustomsAct ToWire(this CustomsAct act) => act switch
    {
        CustomsAct.Received a => new() { Received = new() { Opinion = a.Opinion ?? "" } },
        CustomsAct.ReceiveFailed a => new() { ReceiveFailed = new() { FailureReason = a.FailureReason } },
        CustomsAct.Accept a => new() { Accept = new() { Opinion = a.Opinion ?? "" } },
        CustomsAct.NotAccept a => new() { NotAccept = new() { Opinion = a.Opinion } },
        CustomsAct.RequireCorrection a => new() { RequireCorrection = new() { Opinion = a.Opinion, QuestionIds = { a.QuestionIds ?? [] } } },
        CustomsAct.Approve a => new() { Approve = new() { Opinion = a.Opinion ?? "" } },
        CustomsAct.ApproveAssessment a => new() { ApproveAssessment = new() { Opinion = a.Opinion ?? "" } },
        CustomsAct.OpenQuestionnaire a => new()
        {
            OpenQuestionnaire = new() { TemplateId = a.TemplateId ?? "", Opinion = a.Opinion ?? "" },
        },
        CustomsAct.RequireRectification a => new()
        {
            RequireRectification = new() { Requirements = a.Requirements, Files = { All(a.Files) }, Opinion = a.Opinion ?? "" },
        },
        CustomsAct.OpenRound a => new()
        {
            OpenRound = new() { Text = a.Text.ToWire(), Files = { All(a.Files) }, Opinion = a.Opinion ?? "" },
        },
        CustomsAct.CompleteNegotiation a => new() { CompleteNegotiation = new() { Opinion = a.Opinion ?? "" } },
        CustomsAct.PublishProtocol a => new()
        {
            PublishProtocol = new() { Files = { All(a.Files) }, Opinion = a.Opinion ?? "" },
        },
        CustomsAct.PublishAnnouncement a => new() { PublishAnnouncement = new() { Opinion = a.Opinion ?? "" } },
        CustomsAct.ConfirmCertificate a => new()
        {
            ConfirmCertificate = new() { Files = { All(a.Files) }, Opinion = a.Opinion ?? "" },
        },
        CustomsAct.Close a => new() { Close = new() { Opinion = a.Opinion ?? "" } },
        CustomsAct.Reject a => new() { Reject = new() { Opinion = a.Opinion } },
        _ => throw new ArgumentException($"{act.GetType().Name} is not an act of Customs.", nameof(act)),
    };

    public static Wire.StartReviewRequest ToWire(this ReviewStart start, string requestId) => new()
    {
        RequestId = requestId,
        Category = start.Category,
        Products = { start.Products },
        Contact = start.Contact?.ToWire(),
        Summary = start.Summary ?? "",
        Files = { All(start.Files) },
    };

    private static IEnumerable<Wire.SandboxFile> All(IReadOnlyList<SandboxFile>? files) =>
        (files ?? []).Select(file => new Wire.SandboxFile
        {
            Name = file.Name,
            Content = ByteString.CopyFrom(file.Content.Span),
        });
}
