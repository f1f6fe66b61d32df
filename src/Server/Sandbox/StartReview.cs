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
        var number = Ulids.New(clock.GetUtcNow());
        Messages.StartReview act;
        await using (var sql = await database.OpenAsync(context.Scope(), context.CancellationToken))
        {
            var requests = new RequestTable(sql, authorityId, request.RequestId);
            if (await requests.FindAsync<StartReviewResponse>(hash) is { } before)
                return before;

            var passed = await sql.NewestPassedAsync(authorityId, request.Category);
            act = ActMessages.From(request, authorityId, passed?.ProductCodes ?? []);
            await reviews.CheckAsync(sql, number, act);
        }

        return await ByHandAsync(
            context, request.RequestId, hash, new Deed(authorityId, number, act, "files"), made => new StartReviewResponse { Case = made });
    }
}
