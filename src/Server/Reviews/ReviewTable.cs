using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Reviews;

/// <summary>The reviews that Customs started, with the authorities' answers.</summary>
public static class ReviewTable
{
    /// <summary>Keeps what came with the start of a review beside what the case itself holds.</summary>
    public static async Task KeepReviewAsync(this CaseChange change, StartReview act)
    {
        await change.Sql.PostAsync(
            "INSERT INTO reviews (case_id, contact, started_at) VALUES (@CaseId, @contact, @at)",
            new { change.Case.CaseId, contact = act.Contact.ToContact().ToByteArray(), at = change.Now.ToMicroseconds() });
        await change.Sql.AssignCustomsFilesAsync(change.Case.CaseId, CustomsFileRole.Review, change.Files);
    }

    /// <summary>Keeps an answer that is submitted now, in place of one that did not arrive.</summary>
    public static Task KeepReviewAnswerAsync(this CaseChange change, ReviewDecision decision, Contact contact)
    {
        var now = change.Now.ToMicroseconds();
        change.Case.SubmittedAt ??= now;
        var answer = new ReviewAnswer { Decision = decision, Contact = contact, SubmitTime = Times.ToTimestamp(now) };
        return change.Sql.PostAsync(
            "UPDATE reviews SET answer = @answer WHERE case_id = @CaseId",
            new { change.Case.CaseId, answer = answer.ToByteArray() });
    }

    /// <summary>A review as callers see it.</summary>
    public static async Task<Review> GetReviewAsync(this Sql sql, CaseRow @case)
    {
        var row = await sql.GetAsync<Row>(
            "SELECT contact, started_at, answer FROM reviews WHERE case_id = @CaseId", new { @case.CaseId });
        return new Review
        {
            Category = @case.Category,
            Products = { @case.ProductCodes },
            Contact = Contact.Parser.ParseFrom(row.Contact),
            Summary = @case.Summary,
            Files = { await sql.ListCustomsFilesAsync(@case.CaseId, CustomsFileRole.Review) },
            StartTime = Times.ToTimestamp(row.StartedAt),
            Answer = row.Answer is null ? null : ReviewAnswer.Parser.ParseFrom(row.Answer),
        };
    }

    private sealed class Row
    {
        public byte[] Contact { get; init; } = [];

        public long StartedAt { get; init; }

        public byte[]? Answer { get; init; }
    }
}
