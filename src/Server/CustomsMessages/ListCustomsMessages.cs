using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CustomsMessages;

public sealed partial class CustomsMessageEndpoints
{
    /// <inheritdoc/>
    public override async Task<ListCustomsMessagesResponse> ListCustomsMessages(
        ListCustomsMessagesRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Enum("state", request.State);
        rules.Enum("reason", request.Reason);
        rules.Range("page_size", request.PageSize, 0, 200);
        rules.ThrowIfAny();

        var page = new PageToken("", new ListCustomsMessagesRequest(request) { PageSize = 0, PageToken = "" });
        var size = request.PageSize == 0 ? 50 : request.PageSize;
        await using var sql = await database.OpenAsync(Scope.Everyone, context.CancellationToken);
        // Entry ids are in the order of arrival and never change: a page begins where the last one ended, whatever happens between.
        var rows = await sql.ListAsync<InboxEntry>(
            $"""
            SELECT {InboxEntry.Columns} FROM customs_messages
            WHERE {(request.State == CustomsMessageState.Unspecified ? "state IN (2, 3)" : "state = @state")}
              {If(request.PageToken.Length > 0, "AND entry_id < @before")}
              {If(request.Reason != HoldReason.Unspecified, "AND reason = @reason")}
              {If(request.CaseNumber.Length > 0, "AND case_number = @CaseNumber")}
              {If(request.AuthorityId.Length > 0, "AND authority_id = @AuthorityId")}
            ORDER BY entry_id DESC LIMIT @most
            """,
            new
            {
                before = request.PageToken.Length > 0 ? page.Read(request.PageToken) : "",
                state = (int)request.State,
                reason = (int)request.Reason,
                request.CaseNumber,
                request.AuthorityId,
                most = size + 1,
            });
        return new ListCustomsMessagesResponse
        {
            Messages = { rows.Take(size).Select(ToContract) },
            NextPageToken = rows.Count > size ? page.Write(rows[size - 1].EntryId) : "",
        };
    }

    private static string If(bool condition, string clause) => condition ? clause : "";
}
