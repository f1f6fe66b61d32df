using System.Data.Common;
using System.Text.Json;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Reviews;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>Takes in what Customs says. A message has its effect once, however often it comes.</summary>
public sealed class Inbox(
    IBridgeDatabase database, CustomsActs acts, ReviewStart reviews, FeedSignals feeds, TimeProvider clock, ILogger<Inbox> logger)
{
    /// <summary>Applies a message to its case; one that cannot be applied is put aside with the reason.</summary>
    public async Task TakeInAsync(CustomsReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync(receipt, _ => Task.CompletedTask, cancellationToken);
        }
        catch (BridgeException refusal)
        {
            logger.LogWarning(
                "Message {MessageId} of Customs on case {CaseNumber} was put aside: {Reason}",
                receipt.MessageId, receipt.CaseNumber, refusal.Reason);
            await PutAsideAsync(receipt, refusal.ToRpcException().Status.Detail, cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException
            && !(fault is DbException outage && database.IsOutage(outage)))
        {
            // It would fail again however often it came, and everything behind it would wait.
            logger.LogError(
                fault, "Message {MessageId} of Customs on case {CaseNumber} was put aside: a fault of the bridge",
                receipt.MessageId, receipt.CaseNumber);
            await PutAsideAsync(receipt, $"A fault of the bridge: {fault.GetType().Name}: {fault.Message}", cancellationToken);
        }
    }

    /// <summary>Applies a message to its case; a message applied before changes nothing.</summary>
    /// <param name="receipt">The message.</param>
    /// <param name="afterwards">What else is to be done in the same transaction, if the message is applied now.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="BridgeException">It cannot be applied; nothing was changed.</exception>
    public async Task ApplyAsync(CustomsReceipt receipt, Func<CaseChange, Task> afterwards, CancellationToken cancellationToken)
    {
        var authorityId = await database.WriteAsync(
            Scope.Everyone,
            async sql =>
            {
                var start = receipt.Act as StartReview;
                var known = await sql.FindAuthorityByNumberAsync(receipt.CaseNumber);
                var owner = known ?? start?.AuthorityId
                    ?? throw new BridgeException(ErrorReason.CaseNotFound, ("case_id", receipt.CaseNumber));
                if (known is null && !await sql.HasAuthorityAsync(owner))
                    throw new BridgeException(ErrorReason.AuthorityNotFound, ("authority_id", owner));
                await sql.LockFeedAsync(owner);
                // Read after the lock: whoever had it may have changed the case, or made it.
                known ??= await sql.FindAuthorityByNumberAsync(receipt.CaseNumber);
                var row = known is null ? null : await sql.GetCaseAsync(known, receipt.CaseNumber);
                if (await sql.GetAsync<long>("SELECT COUNT(*) FROM inbox WHERE message_id = @MessageId",
                    new { receipt.MessageId }) > 0)
                    return owner;

                var now = clock.GetUtcNow();
                var what = CustomsActs.EventOf(receipt.Act);
                var transition = Workflow.Decide(row?.Position ?? CasePosition.NoReview, Actor.Customs, what);
                var change = new CaseChange
                {
                    Sql = sql,
                    Now = now,
                    Actor = Actor.Customs,
                    Event = what,
                    Case = row ?? await reviews.OpenAsync(sql, receipt.CaseNumber, start!, now),
                    Transition = transition,
                    Opinion = receipt.Act.Opinion,
                    FailureReason = receipt.Act is ReceiveFailed failed ? failed.FailureReason : "",
                    MessageId = receipt.MessageId,
                };
                await CaseWriter.ApplyAsync(change, it => acts.ApplyAsync(it, receipt.Act));
                await KeepAsync(sql, receipt, refusal: "");
                await afterwards(change);
                return owner;
            },
            cancellationToken);
        feeds.Wake(authorityId);
    }

    private async Task PutAsideAsync(CustomsReceipt receipt, string refusal, CancellationToken cancellationToken)
    {
        // A statement that was cut off because the server stops is no fault of the message.
        cancellationToken.ThrowIfCancellationRequested();
        await database.WriteAsync(Scope.Everyone, sql => KeepAsync(sql, receipt, refusal), cancellationToken);
    }

    private async Task<bool> KeepAsync(Sql sql, CustomsReceipt receipt, string refusal) =>
        await sql.ExecuteAsync(
            """
            INSERT INTO inbox (message_id, case_number, taken_at, refusal, content)
            VALUES (@MessageId, @CaseNumber, @at, @refusal, @content) ON CONFLICT (message_id) DO NOTHING
            """,
            new
            {
                receipt.MessageId,
                receipt.CaseNumber,
                at = clock.GetUtcNow().ToMicroseconds(),
                refusal,
                content = refusal.Length > 0 ? JsonSerializer.Serialize(receipt) : "",
            }) > 0;
}
