using Grpc.Core;
using Grpc.Net.Client;
using SingleWindowBridge.Testing;

namespace SingleWindowBridge;

/// <inheritdoc cref="ISingleWindowClient"/>
public sealed class SingleWindowClient : ISingleWindowClient
{
    private readonly GrpcChannel? _channel;

    /// <summary>Makes a client. Nothing is sent before the first call.</summary>
    /// <param name="options">Where the bridge is and how to speak with it. Later changes of the object have no effect.</param>
    /// <exception cref="ArgumentException">Something is missing or out of range; the message names it.</exception>
    /// <exception cref="InsecureTransportException">The key would go unencrypted to another machine.</exception>
    public SingleWindowClient(SingleWindowClientOptions options)
        : this(options, null)
    {
    }

    /// <summary>Makes a client over an invoker that is not a channel of its own.</summary>
    internal SingleWindowClient(SingleWindowClientOptions options, CallInvoker? invoker)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy();
        options.Validate();
        if (invoker is null)
        {
            _channel = Connection.Open(options);
            invoker = _channel.CreateCallInvoker();
        }

        Time = options.TimeProvider;
        var pipeline = new CallPipeline(invoker, options);
        Applications = new ApplicationCalls(pipeline, this);
        Questionnaires = new QuestionnaireCalls(pipeline, this);
        Rectifications = new RectificationCalls(pipeline, this);
        Negotiations = new NegotiationCalls(pipeline, this);
        Reviews = new ReviewCalls(pipeline, this);
        Cases = new CaseCalls(pipeline, this);
        Receipts = new ReceiptCalls(pipeline);
        Files = new FileCalls(pipeline);
        Catalogue = new CatalogueCalls(pipeline);
        Sandbox = new SandboxCalls(pipeline, this);
    }

    /// <summary>The clock of the options.</summary>
    internal TimeProvider Time { get; }

    /// <inheritdoc/>
    public IApplications Applications { get; }

    /// <inheritdoc/>
    public IQuestionnaires Questionnaires { get; }

    /// <inheritdoc/>
    public IRectifications Rectifications { get; }

    /// <inheritdoc/>
    public INegotiations Negotiations { get; }

    /// <inheritdoc/>
    public IReviews Reviews { get; }

    /// <inheritdoc/>
    public ICases Cases { get; }

    /// <inheritdoc/>
    public IReceipts Receipts { get; }

    /// <inheritdoc/>
    public IFiles Files { get; }

    /// <inheritdoc/>
    public ICatalogue Catalogue { get; }

    /// <inheritdoc/>
    public ISandbox Sandbox { get; }

    /// <inheritdoc/>
    public CaseHandle Case(string idOrNumber) => new(this, idOrNumber);

    /// <summary>Closes the connection; calls under way are cut.</summary>
    public void Dispose() => _channel?.Dispose();

    /// <summary>Closes the connection; calls under way are cut.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
