using Google.Protobuf;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>
/// What operators do with accounts, an action a file, named as its RPC. The service calls it, and so does the command line, so that both
/// keep the same rules.
/// </summary>
public sealed partial class AccountActions(
    IBridgeDatabase database, FoodCatalogue catalogue, ExchangeOptions exchange, TimeProvider clock)
{
    /// <summary>One change: a request id seen before gets its first answer; then the work; then answer and audit row are kept with it.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="requestId">Its id.</param>
    /// <param name="validateOnly">Whether nothing is to be changed.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="outcome">What the audit is to say of the answer.</param>
    /// <param name="work">The change, at this time.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <param name="withoutSecret">Takes out of a copy of the answer what must not be kept.</param>
    private Task<TAnswer> ChangeAsync<TAnswer>(
        IMessage request, string requestId, bool validateOnly, Origin by, Func<TAnswer, string> outcome,
        Func<Sql, DateTimeOffset, Task<TAnswer>> work, CancellationToken cancellationToken, Action<TAnswer>? withoutSecret = null)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        var rules = new FieldRules();
        rules.RequestId(requestId);
        rules.ThrowIfAny();
        requestId = requestId.ToLowerInvariant();
        var hash = RequestTable.Hash(request);
        return database.WriteAsync(
            Scope.Everyone,
            async sql =>
            {
                if (!validateOnly && await FindAsync<TAnswer>(sql, requestId, hash) is { } before)
                    return before;

                var now = clock.GetUtcNow();
                var answer = await work(sql, now);
                if (validateOnly)
                {
                    sql.Undo = true;
                    return answer;
                }

                var kept = answer.Clone();
                withoutSecret?.Invoke(kept);
                await sql.ExecuteAsync(
                    """
                    INSERT INTO operator_requests (request_id, content_hash, answer, operator, created_at)
                    VALUES (@requestId, @hash, @answer, @by, @at)
                    """,
                    new { requestId, hash, answer = kept.ToByteArray(), by = by.Credential, at = now.ToMicroseconds() });
                var action = by.Action.Length > 0 ? by.Action : $"command line/{request.Descriptor.Name}";
                await sql.AuditServerAsync(by with { Action = action, RequestId = requestId, RequestHash = hash }, outcome(answer), now);
                return answer;
            },
            cancellationToken);
    }

    private static async Task<TAnswer?> FindAsync<TAnswer>(Sql sql, string requestId, string hash)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        var before = await sql.FindAsync<KeptAnswer>(
            "SELECT content_hash, answer FROM operator_requests WHERE request_id = @requestId", new { requestId });
        if (before is null)
            return null;
        if (before.ContentHash != hash)
            throw new BridgeException(ErrorReason.RequestIdReused, ("request_id", requestId));
        return new MessageParser<TAnswer>(() => new TAnswer()).ParseFrom(before.Answer);
    }

    // Without validate_only what is wrong refuses the call.
    private static IReadOnlyList<FieldProblem> Told(FieldRules rules, bool validateOnly)
    {
        if (!validateOnly)
            rules.ThrowIfAny();
        return [.. rules.Problems.Select(problem => problem.ToContract())];
    }

    private static void Needs(params (string Field, string Value)[] fields)
    {
        var rules = new FieldRules();
        foreach (var (field, value) in fields)
            rules.Required(field, value.Length > 0);
        rules.ThrowIfAny();
    }

    private sealed class KeptAnswer
    {
        public string ContentHash { get; init; } = "";

        public byte[] Answer { get; init; } = [];
    }
}
