using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>Finds and keeps rows of the table of cases.</summary>
public static class CaseTable
{
    /// <summary>One case of an authority, by its id or official number.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID for an empty id; CASE_NOT_FOUND, also for another authority's case.</exception>
    public static async Task<CaseRow> GetCaseAsync(this Sql sql, string authorityId, string idOrNumber)
    {
        var rules = new FieldRules();
        rules.Required("case_id", idOrNumber.Length > 0);
        rules.ThrowIfAny();

        return await sql.FindCaseAsync(authorityId, idOrNumber) ?? throw NotFound(idOrNumber);
    }

    /// <summary>One case of an authority, by its id or official number; null where there is none.</summary>
    public static Task<CaseRow?> FindCaseAsync(this Sql sql, string authorityId, string idOrNumber) => sql.FindAsync<CaseRow>(
        $"SELECT {CaseRow.Columns} FROM cases WHERE (case_id = @idOrNumber OR number = @idOrNumber) AND authority_id = @authorityId",
        new { idOrNumber, authorityId });

    /// <summary>The refusal of a case that there is not.</summary>
    public static BridgeException NotFound(string idOrNumber) => new(ErrorReason.CaseNotFound, ("case_id", idOrNumber));

    /// <summary>Takes a case for one change of a transaction that several share.</summary>
    /// <exception cref="TakenException">Another change of it has the case.</exception>
    internal static void ClaimCase(this Sql sql, CaseRow row) => sql.Claim(row.CaseId);

    /// <summary>At most so many cases of an authority that a request asks for, newest first.</summary>
    /// <param name="sql">Where they are.</param>
    /// <param name="authorityId">Whose they are.</param>
    /// <param name="filter">The request, by its filters.</param>
    /// <param name="before">The id that ended the page before; empty for the first page.</param>
    /// <param name="most">How many.</param>
    public static Task<IReadOnlyList<CaseRow>> ListCasesAsync(
        this Sql sql, string authorityId, ListCasesRequest filter, string before, int most) =>
        // Ids are in the order of creation and never change: a page begins where the last one ended, whatever happens between.
        sql.ListAsync<CaseRow>(
            $"""
            SELECT {CaseRow.Columns} FROM cases
            WHERE authority_id = @authorityId
              {If(before.Length > 0, "AND case_id < @before")}
              {If(filter.Kind != CaseKind.Unspecified, "AND kind = @Kind")}
              {If(filter.Category.Length > 0, "AND category = @Category")}
              {If(filter.Stage != Stage.Unspecified, "AND stage = @Stage")}
              {If(filter.Status != Status.Unspecified, "AND status = @Status")}
              {If(filter.ChangedSince is not null, "AND updated_at >= @since")}
            ORDER BY case_id DESC LIMIT @most
            """,
            new
            {
                authorityId,
                before,
                filter.Kind,
                filter.Category,
                filter.Stage,
                filter.Status,
                since = filter.ChangedSince?.ToDateTimeOffset().ToMicroseconds() ?? 0,
                most,
            });

    /// <summary>Whom the case with this official number belongs to; null if there is none. For messages from Customs.</summary>
    public static Task<string?> FindAuthorityByNumberAsync(this Sql sql, string number) =>
        sql.FindAsync<string>("SELECT authority_id FROM cases WHERE number = @number", new { number });

    /// <summary>Whether there is such an account.</summary>
    public static async Task<bool> HasAuthorityAsync(this Sql sql, string authorityId) =>
        await sql.GetAsync<long>("SELECT COUNT(*) FROM authorities WHERE authority_id = @authorityId AND role = 1", new { authorityId }) > 0;

    /// <summary>The newest assessment that an authority has passed for a category; null where it has passed none.</summary>
    public static Task<CaseRow?> NewestPassedAsync(this Sql sql, string authorityId, string category) => sql.FindAsync<CaseRow>(
        $"""
        SELECT {CaseRow.Columns} FROM cases
        WHERE authority_id = @authorityId AND category = @category AND kind = @kind AND stage = @stage AND status = @status
        ORDER BY case_id DESC LIMIT 1
        """,
        new { authorityId, category, kind = CaseKind.Assessment, stage = Stage.Completed, status = Status.Approved });

    /// <summary>Keeps a new case, as it is when this is sent.</summary>
    internal static Posted InsertCase(this Sql sql, CaseRow row) => sql.PostUnseen(
        $"""
        INSERT INTO cases ({CaseRow.Columns})
        VALUES (@CaseId, @Number, @AuthorityId, @Kind, @Category, @Products, @Summary, @Stage, @Status, @Version, @CreatedAt,
            @SubmittedAt, @UpdatedAt, @FailureReason, @Declined, @Opinion, @OpinionEvent, @OpinionStage, @OpinionAt, @Submitted)
        """,
        row);

    /// <summary>Keeps what has changed of a case.</summary>
    public static Task UpdateCaseAsync(this Sql sql, CaseRow row) => sql.PostAsync(
        """
        UPDATE cases SET number = @Number, category = @Category, products = @Products, summary = @Summary, stage = @Stage,
            status = @Status, version = @Version, submitted_at = @SubmittedAt, updated_at = @UpdatedAt,
            failure_reason = @FailureReason, declined = @Declined, opinion = @Opinion, opinion_event = @OpinionEvent,
            opinion_stage = @OpinionStage, opinion_at = @OpinionAt, submitted = @Submitted
        WHERE case_id = @CaseId
        """,
        row);

    /// <summary>Removes a draft that was never submitted, with all that belongs to it.</summary>
    public static Task DeleteCaseAsync(this Sql sql, string caseId) =>
        sql.PostAsync("DELETE FROM cases WHERE case_id = @caseId", new { caseId });

    /// <summary>The next official number of an assessment, where no block of them is at hand.</summary>
    public static async Task<string> NextCaseNumberAsync(this Sql sql, DateTimeOffset now) =>
        CaseNumber(now, await sql.GetAsync<long>(sql.Dialect.NextCaseNumbers));

    /// <summary>An official number: year and month in Beijing, then a counter of 12 digits.</summary>
    public static string CaseNumber(DateTimeOffset now, long count) =>
        FormattableString.Invariant($"{now.ToOffset(TimeSpan.FromHours(8)):yyyyMM}{count:D12}");

    private static string If(bool condition, string clause) => condition ? clause : "";
}
