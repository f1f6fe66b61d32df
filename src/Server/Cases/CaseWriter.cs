using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>
/// The one write transaction of a case. In order: the authority's feed is locked; a request id seen before gets its first answer;
/// etag; workflow; the action with its checks; case, timeline, signed receipt, outbox, audit; commit; followers are woken. The caller
/// is answered after the commit.
/// </summary>
public sealed class CaseWriter(
    Combiner combiner, CaseNumbers numbers, OutboxSignal outbox, Signer key, FileLimits files, TimeProvider clock)
{
    /// <summary>Makes a change that an authority asks for.</summary>
    /// <param name="context">The call, which says who asks.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="stage">The stage that the call is for; UNSPECIFIED for any.</param>
    /// <param name="what">The event that it is.</param>
    /// <param name="action">Checks the content and keeps it.</param>
    /// <param name="answer">Makes the answer from the outcome.</param>
    /// <exception cref="BridgeException">FIELD_INVALID, CASE_NOT_FOUND, REQUEST_ID_REUSED, ETAG_MISMATCH, or as the workflow refuses.</exception>
    public async Task<TAnswer> ChangeAsync<TAnswer>(
        global::Grpc.Core.ServerCallContext context, IChangeRequest request, Stage stage, CaseEvent what, Func<CaseChange, Task> action,
        Func<ChangeOutcome, TAnswer> answer)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        var (account, cancellationToken) = (context.Account(), context.CancellationToken);
        var mayCreate = stage == Stage.Application && what is CaseEvent.Save or CaseEvent.Submit;
        var validateOnly = request is ISubmitRequest { ValidateOnly: true };
        var rules = new FieldRules();
        rules.RequestId(request.RequestId);
        rules.Required("case_id", mayCreate || request.CaseId.Length > 0);
        rules.ThrowIfAny();

        var hash = RequestTable.Hash(request);
        var origin = Origin.OfAuthority(context, validateOnly ? "" : request.RequestId, hash);
        if (what == CaseEvent.Submit)
            await numbers.ReserveAsync(cancellationToken);
        var given = await combiner.RunAsync(
            account.AuthorityId,
            Scope.Of(account.AuthorityId),
            validateOnly ? null : request.RequestId,
            async sql =>
            {
                var requests = new RequestTable(sql, account.AuthorityId, request.RequestId);

                // Asked for at once, so that it travels with what the transaction begins with.
                var found = request.CaseId.Length > 0
                    ? sql.FindCaseAsync(account.AuthorityId, request.CaseId)
                    : Task.FromResult<CaseRow?>(null);
                if (!validateOnly)
                {
                    sql.Claim(request.RequestId.ToLowerInvariant());
                    if (await requests.FindAsync<TAnswer>(hash) is { } before)
                        return before;
                }

                var row = await found;
                if (row is null && request.CaseId.Length > 0)
                    throw CaseTable.NotFound(request.CaseId);
                if (row is not null)
                    sql.ClaimCase(row);
                if (row is not null && request.Etag.Length > 0 && request.Etag != row.Etag)
                    throw new BridgeException(ErrorReason.EtagMismatch, ("etag", row.Etag));

                var now = clock.GetUtcNow();
                var unchanged = row?.ToContract();
                var transition = Workflow.Decide(row?.Position ?? CasePosition.NoAssessment, Actor.Authority, what, stage);
                var change = new CaseChange
                {
                    Sql = sql,
                    Now = now,
                    Actor = Actor.Authority,
                    Event = what,
                    Origin = origin,
                    Case = row ?? New(account, now),
                    Transition = transition,
                    Numbers = numbers,
                };
                if (row is null)
                    change.Creation = sql.InsertCase(change.Case);
                await action(change);
                await change.CountCaseFilesAsync(files);
                if (validateOnly)
                {
                    sql.Undo = true;
                    return answer(new ChangeOutcome(unchanged, change.Rules.Problems.Select(problem => problem.ToContract(withQuestionText: true))));
                }

                change.Rules.ThrowIfAny();
                await CompleteAsync(change);
                var made = answer(new ChangeOutcome(change.Case.ToContract(), []));
                await requests.KeepAsync(hash, made, change.Now);
                return made;
            },
            cancellationToken);

        outbox.Wake();
        return given;
    }

    /// <summary>Makes a change that Customs or our own delivery asks for, in the caller's transaction.</summary>
    /// <param name="change">The change; the workflow has chosen its transition.</param>
    /// <param name="action">Keeps what came with it.</param>
    public async Task ApplyAsync(CaseChange change, Func<CaseChange, Task> action)
    {
        await action(change);
        change.Rules.ThrowIfAny();
        await CompleteAsync(change);
    }

    private async Task CompleteAsync(CaseChange change)
    {
        var (sql, row) = (change.Sql, change.Case);
        if (change.Event == CaseEvent.Discard)
        {
            await sql.DeleteCaseAsync(row.CaseId);
            await sql.AuditAsync(row.AuthorityId, change.Origin, row.CaseId, "DISCARDED", change.Now);
            return;
        }

        var now = change.Now.ToMicroseconds();
        var stageBefore = row.Stage;
        (row.Stage, row.Status) = change.Transition.From(row.Position);
        row.Version++;

        // Within a case times only go up, also where the clock was set back: the order of what was submitted is told by them.
        row.UpdatedAt = now < row.UpdatedAt ? row.UpdatedAt + 1 : now;
        row.FailureReason = change.FailureReason;
        KeepOpinion(change, stageBefore, now);
        if (change.Event == CaseEvent.Submit && row.Number is null)
        {
            row.Number = change.Numbers?.TryTake(change.Now) ?? await sql.NextCaseNumberAsync(change.Now);
            row.SubmittedAt = now;
        }

        if (change.Outgoing is not null)
            change.MessageId = await sql.EnqueueAsync(change);
        if (change.Creation is null or { Sent: true })
            await sql.UpdateCaseAsync(row);
        var receipt = change.Event == CaseEvent.Save ? null : await sql.AddReceiptAsync(change, key);
        await sql.AddTimelineAsync(change, receipt);
        await sql.AuditAsync(
            row.AuthorityId, change.Origin, row.CaseId, $"{WireNames.Of(row.Stage)}/{WireNames.Of(row.Status)}", change.Now);
    }

    private static void KeepOpinion(CaseChange change, Stage stageBefore, long now)
    {
        var row = change.Case;
        if (change.Opinion.Length > 0)
        {
            row.Opinion = change.Opinion;
            row.OpinionEvent = change.Event;
            // A case that ends with an opinion ends because of the stage that it was in.
            row.OpinionStage = row.Stage == Stage.Completed ? stageBefore : row.Stage;
            row.OpinionAt = now;
        }
        else if (row.Stage != stageBefore)
        {
            row.Opinion = "";
        }
    }

    private static CaseRow New(Account account, DateTimeOffset now) => new()
    {
        CaseId = Ulids.New(now),
        AuthorityId = account.AuthorityId,
        Kind = CaseKind.Assessment,
        Stage = Stage.Application,
        Status = Status.Draft,
        CreatedAt = now.ToMicroseconds(),
        UpdatedAt = now.ToMicroseconds(),
    };
}

/// <summary>What came of a change that an authority asked for.</summary>
/// <param name="Case">The case afterwards; with validate_only the case as it stands, null where there is none yet.</param>
/// <param name="Problems">With validate_only: all that is wrong with the fields.</param>
public sealed record ChangeOutcome(Case? Case, IEnumerable<FieldProblem> Problems);
