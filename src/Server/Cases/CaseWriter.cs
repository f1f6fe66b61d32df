using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>
/// The one write transaction of a case. In order: the authority's feed is locked; a request id seen before gets its first answer;
/// etag; workflow; the action with its checks; case, timeline, receipt, outbox; commit; followers are woken. The caller is
/// answered after the commit.
/// </summary>
public sealed class CaseWriter(IBridgeDatabase database, FeedSignals signals, OutboxSignal outbox, TimeProvider clock)
{
    /// <summary>Makes a change that an authority asks for.</summary>
    /// <param name="account">Who asks.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="stage">The stage that the call is for; UNSPECIFIED for any.</param>
    /// <param name="what">The event that it is.</param>
    /// <param name="action">Checks the content and keeps it.</param>
    /// <param name="answer">Makes the answer from the outcome.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="BridgeException">FIELD_INVALID, CASE_NOT_FOUND, REQUEST_ID_REUSED, ETAG_MISMATCH, or as the workflow refuses.</exception>
    public async Task<TAnswer> ChangeAsync<TAnswer>(
        Account account, IChangeRequest request, Stage stage, CaseEvent what, Func<CaseChange, Task> action,
        Func<ChangeOutcome, TAnswer> answer, CancellationToken cancellationToken)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        var mayCreate = stage == Stage.Application && what is CaseEvent.Save or CaseEvent.Submit;
        var validateOnly = request is ISubmitRequest { ValidateOnly: true };
        var rules = new FieldRules();
        rules.RequestId(request.RequestId);
        rules.Required("case_id", mayCreate || request.CaseId.Length > 0);
        rules.ThrowIfAny();

        var given = await database.WriteAsync(
            Scope.Of(account.AuthorityId),
            async sql =>
            {
                await sql.LockFeedAsync(account.AuthorityId);
                var requests = new RequestTable(sql, account.AuthorityId, request.RequestId);
                var hash = RequestTable.Hash(request);
                if (!validateOnly && await requests.FindAsync<TAnswer>(hash) is { } before)
                    return before;

                var row = request.CaseId.Length > 0 ? await sql.GetCaseAsync(account.AuthorityId, request.CaseId) : null;
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
                    Case = row ?? await CreateAsync(sql, account, now),
                    Transition = transition,
                };
                await action(change);
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

        signals.Wake(account.AuthorityId);
        outbox.Wake();
        return given;
    }

    /// <summary>Makes a change that Customs or our own delivery asks for, in the caller's transaction.</summary>
    /// <param name="change">The change; the workflow has chosen its transition.</param>
    /// <param name="action">Keeps what came with it.</param>
    public static async Task ApplyAsync(CaseChange change, Func<CaseChange, Task> action)
    {
        await action(change);
        change.Rules.ThrowIfAny();
        await CompleteAsync(change);
    }

    private static async Task CompleteAsync(CaseChange change)
    {
        var (sql, row) = (change.Sql, change.Case);
        if (change.Event == CaseEvent.Discard)
        {
            await sql.DeleteCaseAsync(row.CaseId);
            return;
        }

        var now = change.Now.ToMicroseconds();
        var stageBefore = row.Stage;
        (row.Stage, row.Status) = change.Transition.From(row.Position);
        row.Version++;
        row.UpdatedAt = now;
        row.FailureReason = change.FailureReason;
        KeepOpinion(change, stageBefore, now);
        if (change.Event == CaseEvent.Submit && row.Number is null)
        {
            row.Number = await sql.NextCaseNumberAsync(change.Now);
            row.SubmittedAt = now;
        }

        if (change.Outgoing is not null)
            change.MessageId = await sql.EnqueueAsync(change);
        await sql.UpdateCaseAsync(row);
        var receipt = change.Event == CaseEvent.Save ? 0 : await sql.AddReceiptAsync(change);
        await sql.AddTimelineAsync(change, receipt);
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

    private static async Task<CaseRow> CreateAsync(Sql sql, Account account, DateTimeOffset now)
    {
        var row = new CaseRow
        {
            CaseId = Ulids.New(now),
            AuthorityId = account.AuthorityId,
            Kind = CaseKind.Assessment,
            Stage = Stage.Application,
            Status = Status.Draft,
            CreatedAt = now.ToMicroseconds(),
            UpdatedAt = now.ToMicroseconds(),
        };
        await sql.InsertCaseAsync(row);
        return row;
    }
}

/// <summary>What came of a change that an authority asked for.</summary>
/// <param name="Case">The case afterwards; with validate_only the case as it stands, null where there is none yet.</param>
/// <param name="Problems">With validate_only: all that is wrong with the fields.</param>
public sealed record ChangeOutcome(Case? Case, IEnumerable<FieldProblem> Problems);
