using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>The changes that an authority has made, by request id, with the answers that it was given.</summary>
public sealed class RequestTable(Sql sql, string authorityId, string requestId)
{
    private readonly string requestId = requestId.ToLowerInvariant();

    /// <summary>What a request holds beside its id, in one SHA-256: 64 hexadecimal digits.</summary>
    public static string Hash(IMessage request)
    {
        // The id is what the row is found by, and a UUID in capitals is the same UUID.
        var content = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        request.Descriptor.FindFieldByName("request_id").Accessor.Clear(content);
        return Convert.ToHexStringLower(
            SHA256.HashData([.. Encoding.UTF8.GetBytes(request.Descriptor.FullName), .. content.ToByteArray()]));
    }

    /// <summary>The answer that this request id was given before; null if it is new.</summary>
    /// <exception cref="BridgeException">REQUEST_ID_REUSED: it was used with other content.</exception>
    public async Task<TAnswer?> FindAsync<TAnswer>(string contentHash)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        var before = await sql.FindAsync<Row>(
            "SELECT content_hash, answer FROM requests WHERE authority_id = @authorityId AND request_id = @requestId",
            new { authorityId, requestId });
        if (before is null)
            return null;
        if (before.ContentHash != contentHash)
            throw new BridgeException(ErrorReason.RequestIdReused, ("request_id", requestId));

        return new MessageParser<TAnswer>(() => new TAnswer()).ParseFrom(before.Answer);
    }

    /// <summary>Keeps an answer for the life of the case.</summary>
    public Task KeepAsync(string contentHash, IMessage answer, DateTimeOffset now) => sql.ExecuteAsync(
        """
        INSERT INTO requests (authority_id, request_id, content_hash, answer, created_at)
        VALUES (@authorityId, @requestId, @contentHash, @answer, @at)
        """,
        new { authorityId, requestId, contentHash, answer = answer.ToByteArray(), at = now.ToMicroseconds() });

    private sealed class Row
    {
        public string ContentHash { get; init; } = "";

        public byte[] Answer { get; init; } = [];
    }
}
