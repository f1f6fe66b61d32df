using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CustomsMessages;

/// <summary>CustomsMessageService: an RPC a file.</summary>
public sealed partial class CustomsMessageEndpoints(
    IBridgeDatabase database, Inbox inbox, InboxOptions options, TimeProvider clock, ICustomsChannel? channel = null)
    : CustomsMessageService.CustomsMessageServiceBase
{
    private static async Task<InboxEntry> FindAsync(Sql sql, string entryId)
    {
        var rules = new FieldRules();
        rules.Required("entry_id", entryId.Length > 0);
        rules.ThrowIfAny();
        return await sql.FindEntryAsync(entryId) ?? throw new BridgeException(ErrorReason.CustomsMessageNotFound, ("entry_id", entryId));
    }

    // An operator's word on an entry, under the lock of all that happens to its case.
    private async Task<InboxEntry> DecideAsync(
        ServerCallContext context, IMessage request, string entryId, Func<Sql, InboxEntry, Task> decide)
    {
        var cancellationToken = context.CancellationToken;
        var origin = Origin.OfOperator(context, RequestTable.Hash(request)) with { RequestId = entryId };
        var decided = await database.WriteAsync(
            Scope.Everyone,
            async sql =>
            {
                var entry = await FindAsync(sql, entryId);
                if (entry.AuthorityId is { } owner)
                {
                    await sql.LockFeedAsync(owner);
                    entry = await FindAsync(sql, entryId);
                }

                await decide(sql, entry);
                await AuditAsync(sql, entry, origin);
                return entry;
            },
            cancellationToken);
        await inbox.SettleWaitingAsync(decided.CaseNumber, cancellationToken);
        await using var read = await database.OpenAsync(Scope.Everyone, cancellationToken);
        return await FindAsync(read, entryId);
    }

    private async Task AuditAsync(Sql sql, InboxEntry entry, Origin origin)
    {
        var outcome = $"WAS {WireNames.Of(entry.State)}, {entry.MessageId}";
        if (entry.AuthorityId is { } owner)
        {
            var row = entry.CaseNumber.Length > 0 ? await sql.FindCaseAsync(owner, entry.CaseNumber) : null;
            await sql.AuditAsync(owner, origin, row?.CaseId ?? "", outcome, clock.GetUtcNow());
        }
        else
        {
            await sql.AuditServerAsync(origin, outcome, clock.GetUtcNow());
        }
    }

    private static void MustBeHeld(InboxEntry entry)
    {
        if (entry.State is not (CustomsMessageState.Waiting or CustomsMessageState.Quarantined))
        {
            throw new BridgeException(
                ErrorReason.CustomsMessageSettled, ("entry_id", entry.EntryId), ("state", WireNames.Of(entry.State)));
        }
    }

    private static CustomsMessage ToContract(InboxEntry entry) => new()
    {
        EntryId = entry.EntryId,
        MessageId = entry.MessageId,
        State = entry.State,
        Reason = entry.Reason,
        Detail = new LocalizedText { Zh = entry.DetailZh, En = entry.DetailEn },
        CaseNumber = entry.CaseNumber,
        AuthorityId = entry.AuthorityId ?? "",
        Event = entry.Event,
        Sequence = entry.Sequence,
        CreateTime = Times.ToTimestamp(entry.CreatedAt),
        ReceiveTime = Times.ToTimestamp(entry.ReceivedAt),
        Attempts = entry.Attempts,
        TryTime = Times.ToTimestamp(entry.TriedAt),
        WaitUntilTime = entry.State == CustomsMessageState.Waiting ? Times.ToTimestamp(entry.WaitUntil) : null,
        SettleTime = Times.ToTimestamp(entry.SettledAt),
        Operator = entry.Operator,
        DiscardReason = entry.DiscardReason,
        Source = entry.Source,
        AnsweredMessageId = entry.Answers,
    };
}
