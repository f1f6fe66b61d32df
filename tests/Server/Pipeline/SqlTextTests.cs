using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Pipeline;

/// <summary>What is SQL in a field is a text like another.</summary>
public sealed class SqlTextTests(BridgeServer server) : IClassFixture<BridgeServer>
{
    [Theory]
    [InlineData("'; DELETE FROM receipts; DROP TABLE cases; --")]
    [InlineData("' OR '1'='1")]
    [InlineData("\"; SELECT * FROM api_keys; \\'; /*")]
    [InlineData("@id $1 :p {0} %s _ %")]
    public async Task A_text_that_is_SQL_is_kept_letter_by_letter_and_does_nothing(string text)
    {
        var us = server.First;
        var form = await us.NewFormAsync();
        (form.Summary, form.Contact.Department) = (text, text);
        var filed = (await us.Applications.SubmitApplicationAsync(
            new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = form })).Case;
        var read = (await us.Applications.GetApplicationAsync(new GetApplicationRequest { CaseId = filed.CaseId })).Application;
        Assert.Equal((text, text), (read.Summary, read.Contact.Department));
    }

    [Theory]
    [InlineData("x' OR '1'='1")]
    [InlineData("x'; DELETE FROM cases; --")]
    [InlineData("x' UNION SELECT key_hash FROM api_keys --")]
    public async Task An_id_that_is_SQL_finds_and_changes_nothing(string id)
    {
        var us = server.First;
        var made = await us.DraftAsync();
        Assert.Equal("CASE_NOT_FOUND", (await Refusal.OfAsync(() => us.GetAsync(id))).Reason);
        Assert.Equal("CASE_NOT_FOUND", (await Refusal.OfAsync(us.Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = id }))).Reason);
        Assert.Empty((await us.Cases.ListCasesAsync(new ListCasesRequest { Category = id })).Cases);
        Assert.Equal("PAGE_TOKEN_INVALID", (await Refusal.OfAsync(us.Cases.ListCasesAsync(new ListCasesRequest { PageToken = id }))).Reason);
        Assert.Equal(made, await us.GetAsync(made.CaseId));
    }
}
