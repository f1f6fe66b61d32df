using SingleWindowBridge.Testing;

namespace SingleWindowBridge;

/// <summary>
/// A foreign food authority's way to China Customs through SingleWindow Bridge. One client serves a whole process: it may be
/// used by many threads at once, connects at the first call, and reconnects by itself.
/// </summary>
/// <remarks>
/// Every call can give a <see cref="SingleWindowException"/>: a <see cref="CredentialsException"/> for a missing or invalid key,
/// a <see cref="ValidationException"/> for wrong fields, an <see cref="UnavailableException"/> or a
/// <see cref="DeadlineExceededException"/> where no answer came, for changes an <see cref="OutcomeUnknownException"/> instead, a
/// <see cref="BridgeFaultException"/> for a fault of the server. What else a call can give stands with it. A call whose token
/// is cancelled gives an <see cref="OperationCanceledException"/>.
/// </remarks>
public interface ISingleWindowClient : IAsyncDisposable, IDisposable
{
    /// <summary>Applications for assessment.</summary>
    IApplications Applications { get; }

    /// <summary>Questionnaires and their answers.</summary>
    IQuestionnaires Questionnaires { get; }

    /// <summary>Rectifications that Customs asked for.</summary>
    IRectifications Rectifications { get; }

    /// <summary>Negotiations of protocols and certificates, and the list of signing officers.</summary>
    INegotiations Negotiations { get; }

    /// <summary>Retrospective reviews that Customs started.</summary>
    IReviews Reviews { get; }

    /// <summary>Cases of any kind and stage.</summary>
    ICases Cases { get; }

    /// <summary>The feed of everything that happens to the authority's cases.</summary>
    IReceipts Receipts { get; }

    /// <summary>Files that go with cases.</summary>
    IFiles Files { get; }

    /// <summary>Codes and their names, and the calling account.</summary>
    ICatalogue Catalogue { get; }

    /// <summary>The simulated Customs of a sandbox server.</summary>
    ISandbox Sandbox { get; }

    /// <summary>The verbs of one case. Makes no call.</summary>
    /// <param name="idOrNumber">The case's id or official number.</param>
    CaseHandle Case(string idOrNumber);
}
