using Google.Protobuf;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Sandbox;

// What the controls of an account have in common that are not to be done twice: the answer is kept under the request's id, in the same
// transaction. The id may be missing, for it came into the contract after the calls.
public sealed partial class SandboxEndpoints
{
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
