using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Negotiations;

public sealed partial class NegotiationEndpoints
{
    private const int TextLength = 10_000;

    /// <inheritdoc/>
    public override Task<SaveReplyResponse> SaveReply(SaveReplyRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, StageOf(request.Topic), CaseEvent.Save,
            async change =>
            {
                if (!change.Rules.Required("reply", request.Reply is not null))
                    return;

                await CheckAsync(change, request.Reply!, complete: false);
                await change.KeepDraftAsync(request.Topic, request.Reply!);
            },
            outcome => new SaveReplyResponse { Case = outcome.Case });

    private static Task<IReadOnlyList<StoredFile>> CheckAsync(CaseChange change, NegotiationReply reply, bool complete)
    {
        var text = reply.Text ?? new NegotiationText();
        var zh = change.Rules.Text("reply.text.zh", text.Zh, TextLength, required: false);
        var en = change.Rules.Text("reply.text.en", text.En, TextLength, required: false);
        var other = change.Rules.Text("reply.text.other", text.Other, TextLength, required: false);
        if (complete && !zh && !en && !other)
            change.Rules.Add("reply.text", FieldProblemCode.Required, "至少填写一种语言的磋商内容。", "Give the text in at least one language.");
        return change.Sql.CheckFilesAsync(change.Rules, change.Case.AuthorityId, "reply.file_ids", reply.FileIds);
    }
}
