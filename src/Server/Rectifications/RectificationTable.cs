using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Rectifications;

/// <summary>The rounds of rectification that Customs asked for, with the authority's answers.</summary>
public static class RectificationTable
{
    private const string Columns = "round, number, required_at, requirements, opinion, answer, submitted_at";

    /// <summary>Opens a new round.</summary>
    public static async Task AddRectificationAsync(this CaseChange change, RequireRectification act)
    {
        var round = await change.Sql.GetAsync<int>(
            """
            INSERT INTO rectifications (case_id, round, number, required_at, requirements, opinion)
            SELECT @CaseId, COALESCE(MAX(round), 0) + 1, @Number, @at, @Requirements, @Opinion FROM rectifications WHERE case_id = @CaseId
            RETURNING round
            """,
            new { change.Case.CaseId, act.Number, at = change.Now.ToMicroseconds(), act.Requirements, act.Opinion });
        await change.Sql.AssignCustomsFilesAsync(change.Case.CaseId, CustomsFileRole.Rectification, change.Files, round);
    }

    /// <summary>The newest round, which is the one that answers are for.</summary>
    public static Task<RectificationRow> NewestRectificationAsync(this Sql sql, string caseId) => sql.GetAsync<RectificationRow>(
        $"SELECT {Columns} FROM rectifications WHERE case_id = @caseId ORDER BY round DESC LIMIT 1", new { caseId });

    /// <summary>Keeps the answer to a round, and when it was submitted, if it was now.</summary>
    public static Task KeepAnswerAsync(this CaseChange change, int round, RectificationAnswer answer, bool submitted) =>
        change.Sql.PostAsync(
            """
            UPDATE rectifications SET answer = @answer, submitted_at = COALESCE(@at, submitted_at)
            WHERE case_id = @CaseId AND round = @round
            """,
            new
            {
                change.Case.CaseId,
                round,
                answer = answer.ToByteArray(),
                at = submitted ? change.Now.ToMicroseconds() : (long?)null,
            });

    /// <summary>Every round, newest first.</summary>
    public static async Task<IReadOnlyList<Rectification>> ListRectificationsAsync(this Sql sql, CaseRow @case)
    {
        var rows = await sql.ListAsync<RectificationRow>(
            $"SELECT {Columns} FROM rectifications WHERE case_id = @CaseId ORDER BY round DESC", new { @case.CaseId });
        var rounds = new List<Rectification>();
        foreach (var row in rows)
        {
            var rectification = new Rectification
            {
                Number = row.Number,
                Round = row.Round,
                RequireTime = Times.ToTimestamp(row.RequiredAt),
                Requirements = row.Requirements,
                Files = { await sql.ListCustomsFilesAsync(@case.CaseId, CustomsFileRole.Rectification, row.Round) },
                Opinion = row.Opinion,
                Answer = row.ToAnswer(),
                SubmitTime = Times.ToTimestamp(row.SubmittedAt),
            };
            if (rectification.Answer is { } answer)
                rectification.AnswerFiles.Add(await sql.ListFilesAsync(@case.AuthorityId, answer.FileIds));
            rounds.Add(rectification);
        }

        return rounds;
    }
}

/// <summary>A row of the table of rectifications.</summary>
public sealed class RectificationRow
{
    /// <summary>1, 2, 3 ... within the case.</summary>
    public int Round { get; init; }

    /// <summary>整改统一编号.</summary>
    public string Number { get; init; } = "";

    /// <summary>When Customs asked for it, in microseconds.</summary>
    public long RequiredAt { get; init; }

    /// <summary>What Customs requires.</summary>
    public string Requirements { get; init; } = "";

    /// <summary>Customs' opinion.</summary>
    public string Opinion { get; init; } = "";

    /// <summary>The answer, as last saved or submitted; null before.</summary>
    public byte[]? Answer { get; init; }

    /// <summary>When the answer was last submitted, in microseconds; null before.</summary>
    public long? SubmittedAt { get; init; }

    /// <summary>The answer as callers see it; null before.</summary>
    public RectificationAnswer? ToAnswer() => Answer is null ? null : RectificationAnswer.Parser.ParseFrom(Answer);
}
