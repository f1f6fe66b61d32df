using Google.Protobuf;
using Grpc.Core;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Sandbox;

// What the controls of an account have in common that are not to be done twice: the answer is kept under the request's id, in the same
// transaction. The id may be missing, for it came into the contract after the calls.
public sealed partial class SandboxEndpoints
{
    // A control is a change that an account makes: it is audited like any other.
    private static SandboxCaller CallerOf(ServerCallContext context, string requestId, IMessage request, string outcome) =>
        new(Origin.OfAuthority(context, requestId, RequestTable.Hash(request)), outcome);

    private static void CheckOnce(FieldRules rules, string requestId)
    {
        if (requestId.Length > 0)
            rules.RequestId(requestId);
    }

    private static async Task<TAnswer> OnceAsync<TAnswer>(
        string requestId, IMessage request, Func<OnceRequest?, Task<SandboxAccount>> act, Func<SandboxAccount, TAnswer> answerOf)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        if (requestId.Length == 0)
            return answerOf(await act(null));

        var once = new OnceRequest(requestId, RequestTable.Hash(request), account => answerOf(account).ToByteArray());
        await act(once);
        return new MessageParser<TAnswer>(() => new TAnswer()).ParseFrom(once.Answer);
    }
}
