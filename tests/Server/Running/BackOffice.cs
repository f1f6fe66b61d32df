using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>An authority that follows its receipts and answers whatever Customs asks of a case, until the case has ended.</summary>
/// <param name="server">The server.</param>
/// <param name="afterwards">What happens after each answer; null for nothing.</param>
public sealed class BackOffice(BridgeServer server, Func<Task>? afterwards = null)
{
    private readonly List<Receipt> seen = [];
    private readonly List<string> answers = [];

    /// <summary>Every receipt followed, in order.</summary>
    public IReadOnlyList<Receipt> Seen => seen;

    /// <summary>What was answered: + review accepted, - review declined, A application, Q questionnaire, R rectification, P and C replies, S signatories, D sent again.</summary>
    public string Answers => string.Join(' ', answers);

    /// <summary>Applies, answers everything, and gives the receipt that ends the case.</summary>
    public async Task<Receipt> SeeThroughAsync(bool withSignatories = false) =>
        await AnswerAsync(async () => (await server.First.ApplyAsync()).CaseId, Answering(withSignatories));

    /// <summary>Has Customs start a review, answers everything, and gives the receipt that ends the case.</summary>
    public async Task<Receipt> SeeReviewThroughAsync(bool declined = false, bool withSignatories = false) =>
        await AnswerAsync(async () => (await server.First.ReviewAsync()).CaseId, Answering(withSignatories, declined));

    private static Func<Receipt, (string Letter, CaseEvent What)?> Answering(bool withSignatories, bool declined = false) =>
        receipt => Asked(receipt, withSignatories, declined);

    private async Task<Receipt> AnswerAsync(
        Func<Task<string>> openAsync, Func<Receipt, (string Letter, CaseEvent What)?> asks)
    {
        var place = (await server.First.Receipts.ListReceiptsAsync(
            new ListReceiptsRequest { AfterNumber = (await server.First.AllReceiptsAsync()).Count })).NextCursor;
        var caseId = await openAsync();
        var file = await server.First.UploadAsync();
        while (true)
        {
            await AfterAsync();
            using var follower = Follower.From(server.First, seen.Count == 0 ? place : seen[^1].Cursor);
            var asked = await UntilAskedAsync(follower, asks);
            if (asked is null)
                return seen[^1];

            answers.Add(asked.Value.Letter);
            await Attempt.At(asked.Value.What, seen[^1].Stage).MakeAsync(server.First, caseId, file);
        }
    }

    private static bool IsEnd(Receipt receipt) => receipt.Stage == Stage.Completed || receipt.Status == Status.NotAccepted;

    private static (string Letter, CaseEvent What)? Asked(Receipt receipt, bool withSignatories, bool declined) =>
        (receipt.Stage, receipt.Status) switch
        {
            (_, Status.SendFailed) => ("D", CaseEvent.Redeliver),
            (Stage.CertificateNegotiation, Status.Approved) when withSignatories && receipt.Event == CaseEvent.CompleteNegotiation =>
                ("S", CaseEvent.SubmitSignatories),
            (Stage.Reception, Status.Pending or Status.ReceiveFailed) =>
                declined ? ("-", CaseEvent.DeclineReview) : ("+", CaseEvent.AcceptReview),
            (var stage, Status.Pending or Status.CorrectionRequired or Status.ReceiveFailed) => (Letter(stage), CaseEvent.Submit),
            _ => null,
        };

    private static string Letter(Stage stage) => stage switch
    {
        Stage.Application => "A",
        Stage.Questionnaire => "Q",
        Stage.Assessment => "R",
        Stage.ProtocolNegotiation => "P",
        _ => "C",
    };

    private async Task AfterAsync()
    {
        if (afterwards is not null)
            await afterwards();
    }

    private async Task<(string Letter, CaseEvent What)?> UntilAskedAsync(
        Follower follower, Func<Receipt, (string Letter, CaseEvent What)?> asks)
    {
        while (true)
        {
            if (await follower.NextAsync() is not { MessageCase: WatchReceiptsResponse.MessageOneofCase.Receipt } message)
                continue;

            seen.Add(message.Receipt);
            if (asks(message.Receipt) is { } asked)
                return asked;
            if (IsEnd(message.Receipt))
                return null;
        }
    }
}
