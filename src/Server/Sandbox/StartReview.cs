using Grpc.Core;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using Messages = SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Server.Sandbox;

public sealed partial class SandboxEndpoints
{
    /// <inheritdoc/>
    public override async Task<StartReviewResponse> StartReview(StartReviewRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.RequestId(request.RequestId);
        rules.Required("category", request.Category.Length > 0);
        if (request.Contact is not null)
            ContactRules.Check(rules, "contact", request.Contact, complete: true);
        rules.ThrowIfAny();

        var authorityId = context.Account().AuthorityId;
        var hash = RequestTable.Hash(request);
        Messages.StartReview act;
        await using (var sql = await database.OpenAsync(context.Scope(), context.CancellationToken))
        {
            var requests = new RequestTable(sql, authorityId, request.RequestId);
            if (await requests.FindAsync<StartReviewResponse>(hash) is { } before)
                return before;

            var passed = await sql.NewestPassedAsync(authorityId, request.Category);
            act = ActMessages.From(request, authorityId, passed?.ProductCodes ?? []);
        }

        var number = Ulids.New(clock.GetUtcNow());
        var receipt = await channel.PerformAsync(number, request.RequestId, act, context.CancellationToken);
        StartReviewResponse? answer = null;
        await inbox.ApplyAsync(
            receipt,
            change =>
            {
                answer = new StartReviewResponse { Case = change.Case.ToContract() };
                return new RequestTable(change.Sql, authorityId, request.RequestId).KeepAsync(hash, answer, change.Now);
            },
            context.CancellationToken);
        return answer ?? await AnsweredAsync<StartReviewResponse>(authorityId, request.RequestId, hash, context.CancellationToken);
    }
}
