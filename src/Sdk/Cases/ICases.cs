namespace SingleWindowBridge;

/// <summary>The authority's cases, whatever their kind and stage.</summary>
public interface ICases
{
    /// <summary>Gives one case with all opinions, and the protocol and certificate files once Customs has delivered
    /// them.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    Task<CaseDetails> GetAsync(string caseId, CancellationToken cancellationToken = default);

    /// <summary>Lists cases, newest first, getting page after page as they are read. The order never changes, so the listing
    /// stays whole while cases change.</summary>
    /// <param name="filter">Which cases; null for all.</param>
    /// <param name="cancellationToken">Gives the listing up.</param>
    IAsyncEnumerable<Case> ListAsync(CaseFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Gets one page of cases, newest first.</summary>
    /// <param name="filter">Which cases; null for all.</param>
    /// <param name="pageToken">The <see cref="Page{T}.NextPageToken"/> of the page before, with the same filter; null for the
    /// first page.</param>
    /// <param name="pageSize">How many at most, 1 to 200; 0 for the server's default, 50.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="PageTokenInvalidException">The token is not from a listing with this filter.</exception>
    Task<Page<Case>> ListPageAsync(
        CaseFilter? filter = null, string? pageToken = null, int pageSize = 0, CancellationToken cancellationToken = default);

    /// <summary>Lists what has happened to a case, oldest first, getting page after page as they are read.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="cancellationToken">Gives the listing up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    IAsyncEnumerable<TimelineEntry> TimelineAsync(string caseId, CancellationToken cancellationToken = default);

    /// <summary>Gets one page of what has happened to a case, oldest first.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="pageToken">The <see cref="Page{T}.NextPageToken"/> of the page before; null for the first page.</param>
    /// <param name="pageSize">How many at most, 1 to 500; 0 for the server's default, 100.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="PageTokenInvalidException">The token is not from a listing of this case.</exception>
    Task<Page<TimelineEntry>> TimelinePageAsync(
        string caseId, string? pageToken = null, int pageSize = 0, CancellationToken cancellationToken = default);

    /// <summary>Sends the last submission again, unchanged, after it could not be handed over
    /// (<see cref="Status.SendFailed"/>). Leads to <see cref="Status.Declared"/>.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is in another status.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> RedeliverAsync(string caseId, ChangeOptions? options = null, CancellationToken cancellationToken = default);
}
