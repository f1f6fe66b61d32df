#region using
using SingleWindowBridge;
#endregion

namespace SingleWindowBridge.Testing.Tests.Guides;

/// <summary>What the README in the SDK's package shows.</summary>
public sealed class SdkReadme : Guide
{
    [Fact(Timeout = 120_000)]
    public async Task A_case_is_filed_and_its_questionnaire_filled()
    {
        var (endpoint, apiKey, path) = (Server.Endpoint.ToString(), Server.Key, PagePath);

        #region case
        await using var client = new SingleWindowClient(new SingleWindowClientOptions(endpoint, apiKey));

        var form = await client.Files.UploadAsync(path);
        var filed = await client.Applications.SubmitAsync(new Application
        {
            Category = "AQUATIC",
            Products = ["AQUATIC_WILD"],
            Contact = new Contact
            {
                Department = "Fisheries", Name = "A. Croes", Position = "Head of exports", Email = "a.croes@authority.example",
                Phone = new PhoneNumber("297", "5820000"),
            },
            Summary = "冻金枪鱼 frozen yellowfin tuna, Thunnus albacares",
            FileIds = [form.Id],
        });

        await filed.Handle.WaitForAsync(Stage.Questionnaire, Status.Pending);
        var questionnaire = await filed.Handle.GetQuestionnaireAsync();
        #endregion

        #region sheet
        var sheet = AnswerSheet.Of(questionnaire);
        sheet.Fill(new Dictionary<string, object?> { ["authority_staff"] = 54, ["authority_chart"] = form });
        await filed.Handle.SaveAnswersAsync(sheet);
        #endregion

        var saved = await filed.Handle.GetQuestionnaireAsync();
        Assert.Equal(new AnswerValue.Number(54), saved.AnswerTo("authority_staff")?.Value);
        Assert.Equal([form.Id], saved.AnswerTo("authority_chart")?.FileIds);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_review_is_accepted()
    {
        var client = Server.Client;
        await client.SeedCaseAsync(new SeedCase(Stage.Completed));
        var started = (await client.Sandbox.StartReviewAsync(new ReviewStart("DEHYDRATED_VEGETABLES"))).Case;
        var receipt = await client.Receipts.ListAsync().SingleAsync(one => one is { Kind: CaseKind.Review, Event: CaseEvent.StartReview });
        var contact = new Contact
        {
            Department = "Plant Health", Name = "J. Kelly", Position = "Senior Inspector", Email = "plants@authority.example",
            Phone = new PhoneNumber("297", "5204160"),
        };

        #region review
        var review = await client.Reviews.GetAsync(receipt.CaseId);
        await client.Reviews.AcceptAsync(receipt.CaseId, contact);    // or DeclineAsync, which ends it
        #endregion

        Assert.Equal(started.Id, receipt.CaseId);
        Assert.Equal("DEHYDRATED_VEGETABLES", review.Review.Category);
        Assert.Equal(ReviewDecision.Accepted, (await client.Reviews.GetAsync(started.Id)).Review.Answer?.Decision);
    }

    [Fact(Timeout = 120_000)]
    public async Task Receipts_are_watched()
    {
        var client = Server.Client;
        var place = Path.Combine(Server.Folder, "receipts.cursor");
        await client.SeedCaseAsync(new SeedCase(Stage.Questionnaire));
        var last = await client.Receipts.ListAsync().LastAsync();
        using var stop = new CancellationTokenSource(Patience);
        var cancellationToken = stop.Token;
        var watching = WatchAsync();
        while (!watching.IsCompleted && await new FileReceiptCheckpoint(place).LoadAsync(CancellationToken.None) != last.Cursor)
            await Task.Delay(20);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        Assert.Equal(last.Cursor, await new FileReceiptCheckpoint(place).LoadAsync(CancellationToken.None));

        async Task WatchAsync()
        {
            #region watch
            using var checkpoint = new FileReceiptCheckpoint(place);
            await foreach (var message in client.Receipts.WatchAsync(checkpoint, cancellationToken: cancellationToken))
            {
                if (message is ReceiptMessage.Receipt { Value: var receipt })
                    Console.WriteLine($"{receipt.Number} {receipt.CaseNumber} {receipt.Stage.Name().Zh} {receipt.Status.Name().Zh}");
            }
            #endregion
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_receipt_is_proven()
    {
        var client = Server.Client;
        await client.SeedCaseAsync(new SeedCase(Stage.Questionnaire));
        var receipt = await client.Receipts.ListAsync().LastAsync();

        #region proof
        await client.Receipts.VerifyAsync(receipt);                         // ReceiptNotProvenException, with Fault, where it does not hold
        var submitted = await client.Receipts.GetSubmissionAsync(receipt);  // what it is about, checked against the receipt
        #endregion

        Assert.Equal((receipt.CaseId, "application/json"), (submitted.CaseId, submitted.ContentType));
    }
}
