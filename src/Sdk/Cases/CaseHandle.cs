namespace SingleWindowBridge;

/// <summary>The verbs of one case. It holds nothing but the case's id: it may be kept, shared and made anew at will.</summary>
/// <remarks>Over an <see cref="ISingleWindowClient"/> of a test's own it calls that client's topics.</remarks>
public sealed partial class CaseHandle
{
    private readonly ISingleWindowClient _client;

    /// <summary>Makes the handle of a case. Makes no call.</summary>
    /// <param name="client">The client.</param>
    /// <param name="idOrNumber">The case's id or official number.</param>
    public CaseHandle(ISingleWindowClient client, string idOrNumber)
        : this(idOrNumber, client)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(idOrNumber);
    }

    private CaseHandle(string id, ISingleWindowClient client)
    {
        Id = id;
        _client = client;
    }

    /// <summary>The case's id or official number. Empty only where a new application was checked and there is no case yet; the
    /// verbs give an <see cref="InvalidOperationException"/> then.</summary>
    public string Id { get; }

    private string Existing => Id.Length > 0
        ? Id
        : throw new InvalidOperationException("There is no case yet: the application was only checked.");

    /// <summary>Gives the case with all opinions, and the protocol and certificate files once Customs has delivered
    /// them.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    public Task<CaseDetails> GetAsync(CancellationToken cancellationToken = default) =>
        _client.Cases.GetAsync(Existing, cancellationToken);

    /// <summary>Lists what has happened to the case, oldest first.</summary>
    /// <param name="cancellationToken">Gives the listing up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    public IAsyncEnumerable<TimelineEntry> TimelineAsync(CancellationToken cancellationToken = default) =>
        _client.Cases.TimelineAsync(Existing, cancellationToken);

    /// <inheritdoc cref="ICases.RedeliverAsync"/>
    public Task<CaseChange> RedeliverAsync(ChangeOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Cases.RedeliverAsync(Existing, options, cancellationToken);

    internal static CaseHandle Of(ISingleWindowClient client, string id) => new(id, client);
}
