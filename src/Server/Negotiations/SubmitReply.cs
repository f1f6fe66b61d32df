using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Negotiations;

public sealed partial class NegotiationEndpoints
{
    /// <inheritdoc/>
    public override Task<SubmitReplyResponse> SubmitReply(SubmitReplyRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, StageOf(request.Topic), CaseEvent.Submit,
            async change =>
            {
                var round = await change.Sql.CurrentRoundAsync(change.Case.CaseId, request.Topic);
                var reply = request.Reply
                    ?? await change.Sql.FindDraftAsync(change.Case.CaseId, request.Topic)
                    ?? await change.Sql.FindReplyAsync(change.Case.CaseId, request.Topic, round)
                    ?? new NegotiationReply();
                var files = await CheckAsync(change, reply, complete: true);
                if (change.Rules.Any)
                    return;

                // Customs' text has now been answered; the reply is what waits.
                await change.ProcessEntriesAsync(request.Topic);
                await change.KeepEntryAsync(request.Topic, round, NegotiationParty.Authority, reply);
                await change.RemoveDraftAsync(request.Topic);
                change.Outgoing = new NegotiationContent(
                    (Interop.Messages.NegotiationTopic)request.Topic,
                    round,
                    new TrilingualText(reply.Text.Zh, reply.Text.En, reply.Text.Other),
                    [.. files.Select(file => file.ToAttachment())]);
            },
            outcome => new SubmitReplyResponse { Case = outcome.Case, Problems = { outcome.Problems } });
}
