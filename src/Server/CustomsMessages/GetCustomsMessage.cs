using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CustomsMessages;

public sealed partial class CustomsMessageEndpoints
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <inheritdoc/>
    public override async Task<GetCustomsMessageResponse> GetCustomsMessage(GetCustomsMessageRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, context.CancellationToken);
        var entry = await FindAsync(sql, request.EntryId);
        var response = new GetCustomsMessageResponse { Message = ToContract(entry) };
        if (await sql.FindReceiptAsync(entry) is { } receipt)
            (response.Content, response.ContentType) = (ByteString.CopyFromUtf8(Told(receipt)), "application/json");
        else if (await sql.FindContentAsync(entry.EntryId) is { } content)
            (response.Content, response.ContentType) = (ByteString.CopyFrom(content), "application/octet-stream");
        return response;
    }

    // Files are told by what they are: their content may be of many megabytes.
    private static string Told(CustomsReceipt receipt)
    {
        var json = JsonSerializer.SerializeToNode(receipt with { Act = receipt.Act with { Files = [] } }, Readable)!;
        json[nameof(CustomsReceipt.Act)]![nameof(CustomsAct.Files)] = new JsonArray(
        [
            .. receipt.Act.Files.Select(file => new JsonObject
            {
                ["Name"] = file.Name,
                ["SizeBytes"] = file.Content.Length.ToString(CultureInfo.InvariantCulture),
                ["Sha256"] = Convert.ToHexStringLower(SHA256.HashData(file.Content.Span)),
            }),
        ]);
        return json.ToJsonString(Readable);
    }
}
