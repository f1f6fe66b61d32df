namespace SingleWindowBridge.Contract;

/// <summary>Every refusal has its reason, and says in Chinese and English what to do.</summary>
[Collection(OneBridge.Name)]
public sealed class ErrorTests(Bridge bridge)
{
    private const string Nothing = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly Dictionary<ErrorReason, Func<Bridge, Task>> Refusals = new()
    {
        [ErrorReason.FieldInvalid] = bridge => bridge.Client.Applications.SaveAsync(bridge.Form with { Category = "MOON" }),
        [ErrorReason.CaseNotFound] = bridge => bridge.Client.Cases.GetAsync(Nothing),
        [ErrorReason.FileNotFound] = bridge => bridge.Client.Files.GetAsync(Nothing),
        [ErrorReason.TemplateNotFound] = bridge => bridge.Client.Catalogue.GetTemplateAsync("moon"),
        [ErrorReason.PageTokenInvalid] = bridge => bridge.Client.Cases.ListPageAsync(pageToken: "AAAA"),
        [ErrorReason.CursorInvalid] = bridge => bridge.Client.Receipts.ListPageAsync(ReceiptPosition.After("AAAA")),
        [ErrorReason.CursorAheadOfFeed] = bridge => bridge.Client.Receipts.ListPageAsync(ReceiptPosition.After(1_000_000_000)),
        [ErrorReason.StageNotReached] = async bridge => await (await bridge.DraftAsync()).Handle.GetQuestionnaireAsync(),
        [ErrorReason.EtagMismatch] = async bridge =>
            await (await bridge.DraftAsync()).Handle.SaveApplicationAsync(bridge.Form, new ChangeOptions { ETag = "0" }),
        [ErrorReason.FileTypeNotAllowed] = bridge => bridge.Client.Files.UploadAsync(new MemoryStream(Bridge.Page()), "form.docx"),
        [ErrorReason.FileContentMismatch] = bridge => bridge.Client.Files.UploadAsync(new MemoryStream(Bridge.Page()), "form.png"),
        [ErrorReason.CredentialsInvalid] = bridge => AskAsync(bridge, "nobody"),
        [ErrorReason.CredentialsMissing] = bridge => AskAsync(bridge, ""),
    };

    public static TheoryData<ErrorReason> Reasons => new(Refusals.Keys);

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_refusal_says_in_two_languages_what_to_do(ErrorReason reason)
    {
        var refused = await Assert.ThrowsAnyAsync<SingleWindowException>(() => Refusals[reason](bridge));
        Assert.Equal(reason, refused.Reason);
        Assert.Matches(@"[\u4e00-\u9fff]", refused.MessageZh);
        Assert.Matches("[a-z]", refused.MessageEn);
        Assert.False(refused.IsRetryable && refused is not FileDamagedException);
        Assert.All(refused.Fields, field => Assert.True(field.Path.Length > 0 && field.Message.Zh.Length > 0 && field.Message.En.Length > 0));
        Assert.True(reason != ErrorReason.FieldInvalid || refused.Fields.Count > 0);
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        var wrong = bridge.Form with { Category = "MOON", Contact = bridge.Form.Contact! with { Email = "nobody" } };
        var refused = await Assert.ThrowsAsync<ValidationException>(() => bridge.Client.Applications.SaveAsync(wrong));
        Assert.Contains(refused.Fields, field => field.Path == "application.category");
        Assert.Contains(refused.Fields, field => field.Path == "application.contact.email");
    }

    private static async Task AskAsync(Bridge bridge, string key)
    {
        using var caller = bridge.Caller(() => key);
        await caller.Catalogue.GetAuthorityAsync();
    }
}
