using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Sandbox;

// What the acts by hand have in common: Customs does it, the bridge takes it in, and the answer is kept under the request's id.
public sealed partial class SandboxEndpoints
{
    private async Task<TAnswer> ByHandAsync<TAnswer>(
        ServerCallContext context, string requestId, string hash, Deed deed, Func<Case, TAnswer> answerOf)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        var cancellationToken = context.CancellationToken;
        CustomsReceipt receipt;
        try
        {
            receipt = await channel.PerformAsync(deed.CaseNumber, MessageIdOf(deed.AuthorityId, requestId), deed.Act, cancellationToken);
        }
        catch (MessageFormatException wrong)
        {
            throw new BridgeException([new Problem(
                deed.Field, FieldProblemCode.Malformed, $"超出了与海关交换的报文格式：{wrong.Message}",
                $"No message of the exchange with Customs can hold it: {wrong.Message}")]);
        }

        TAnswer? answer = null;
        await inbox.ApplyAsync(
            receipt,
            Origin.SourceOf(context, "sandbox", context.CredentialId()),
            (requestId, hash),
            change =>
            {
                answer = answerOf(change.Case.ToContract());
                return new RequestTable(change.Sql, deed.AuthorityId, requestId).KeepAsync(hash, answer, change.Now);
            },
            cancellationToken);
        if (answer is not null)
            return answer;

        // The same request that came at the same moment may have been the one to make the change.
        await using var sql = await database.OpenAsync(Scope.Of(deed.AuthorityId), cancellationToken);
        return await new RequestTable(sql, deed.AuthorityId, requestId).FindAsync<TAnswer>(hash)
            ?? throw new BridgeException(ErrorReason.RequestIdReused, ("request_id", requestId));
    }

    // Two accounts may use the same request id, and a message id is one for all.
    private static string MessageIdOf(string authorityId, string requestId) => new Guid(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{authorityId}\n{requestId.ToLowerInvariant()}")).AsSpan(0, 16), bigEndian: true).ToString();

    /// <param name="AuthorityId">Who asks for it.</param>
    /// <param name="CaseNumber">The case's official number.</param>
    /// <param name="Act">What Customs does.</param>
    /// <param name="Field">The field of the request that holds what a message might not be able to.</param>
    private sealed record Deed(string AuthorityId, string CaseNumber, CustomsAct Act, string Field);
}
