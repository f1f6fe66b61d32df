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
        request.Descriptor.FindFieldByName("request_id")?.Accessor.Clear(content);
        return Convert.ToHexStringLower(
            SHA256.HashData([.. Encoding.UTF8.GetBytes(request.Descriptor.FullName), .. content.ToByteArray()]));
    }

    /// <summary>The answer that this request id was given before; null if it is new.</summary>
    /// <exception cref="BridgeException">REQUEST_ID_REUSED: it was used with other content.</exception>
    public async Task<TAnswer?> FindAsync<TAnswer>(string contentHash)
        where TAnswer : class, IMessage<TAnswer>, new() =>
        await FindBytesAsync(contentHash) is { } answer ? new MessageParser<TAnswer>(() => new TAnswer()).ParseFrom(answer) : null;

    /// <summary>The same, as it was kept.</summary>
    /// <exception cref="BridgeException">REQUEST_ID_REUSED: it was used with other content.</exception>
    public async Task<byte[]?> FindBytesAsync(string contentHash)
    {
        var before = sql.Attached<SeenRequests>().Among is { } many
            ? (await many).GetValueOrDefault((authorityId, requestId))
            : await sql.FindAsync<StoredRequest>(
                $"{StoredRequest.Select} WHERE request_id = @requestId AND authority_id = @authorityId", new { requestId, authorityId });
        if (before is null)
            return null;
        if (before.ContentHash != contentHash)
            throw new BridgeException(ErrorReason.RequestIdReused, ("request_id", requestId));

        return before.Answer;
    }

    /// <summary>Keeps an answer for the life of the case.</summary>
    public Task KeepAsync(string contentHash, IMessage answer, DateTimeOffset now) => KeepAsync(contentHash, answer.ToByteArray(), now);

    /// <summary>Keeps an answer for the life of the case.</summary>
    public Task KeepAsync(string contentHash, byte[] answer, DateTimeOffset now) => sql.PostAsync(
        """
        INSERT INTO requests (authority_id, request_id, content_hash, answer, created_at)
        VALUES (@authorityId, @requestId, @contentHash, @answer, @at)
        """,
        new { authorityId, requestId, contentHash, answer, at = now.ToMicroseconds() });
}

/// <summary>The requests that were seen before, of all that share a transaction: read at once, at its start.</summary>
internal sealed class SeenRequests
{
    /// <summary>Those that there are; null where nobody has asked for them together.</summary>
    public Task<Dictionary<(string AuthorityId, string RequestId), StoredRequest>>? Among { get; private set; }

    /// <summary>Asks for these.</summary>
    public Task AskAsync(Sql sql, IEnumerable<string> requestIds) => Among = ReadAsync(sql, [.. requestIds.Select(id => id.ToLowerInvariant()).Distinct()]);

    private static async Task<Dictionary<(string AuthorityId, string RequestId), StoredRequest>> ReadAsync(Sql sql, string[] ids)
    {
        if (ids.Length == 0)
            return [];
        var rows = await sql.ListAsync<StoredRequest>($"{StoredRequest.Select} WHERE {sql.Dialect.In("request_id", "ids")}", new { ids });
        return rows.ToDictionary(row => (row.AuthorityId, row.RequestId));
    }
}

/// <summary>A row of the table of requests.</summary>
internal sealed class StoredRequest
{
    /// <summary>What is read of it.</summary>
    public const string Select = "SELECT authority_id, request_id, content_hash, answer FROM requests";

    /// <summary>Who asked.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>The request's id, in lower case.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>What the request held.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>The answer that was given.</summary>
    public byte[] Answer { get; init; } = [];
}
