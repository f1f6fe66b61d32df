using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SingleWindowBridge;

/// <summary>One RPC: "singlewindow.bridge.v1.CaseService" and "GetCase".</summary>
internal readonly record struct Rpc(string Service, string Method)
{
    /// <summary>"CaseService/GetCase".</summary>
    public override string ToString() => $"{Service[(Service.LastIndexOf('.') + 1)..]}/{Method}";
}

/// <summary>What an operation is and how far it may go.</summary>
/// <param name="Rpc">The RPC.</param>
/// <param name="RequestId">The change's request id; null for readings.</param>
/// <param name="Deadline">How long it may take, over all attempts.</param>
internal readonly record struct Operation(Rpc Rpc, Guid? RequestId, TimeSpan Deadline);

/// <summary>What an operation gave, and after how many attempts.</summary>
internal readonly record struct Outcome<T>(T Value, int Attempts);

/// <summary>
/// Every call of every topic goes through here: key and deadline, repetition, telemetry, and errors as exceptions of ours.
/// </summary>
internal sealed class CallPipeline
{
    private readonly SingleWindowClientOptions _options;
    private readonly ILogger _log;
    private Credential _credential = new("");

    public CallPipeline(CallInvoker invoker, SingleWindowClientOptions options)
    {
        Invoker = invoker;
        _options = options;
        Server = options is { MoreEndpoints.Count: 0, Endpoint: { } endpoint } ? new ServerName(endpoint) : null;
        _log = options.LoggerFactory?.CreateLogger("SingleWindowBridge.Sdk") ?? NullLogger.Instance;
    }

    public CallInvoker Invoker { get; }

    public SingleWindowClientOptions Options => _options;

    public TimeProvider Time => _options.TimeProvider;

    /// <summary>The server, for telemetry; null where calls take turns over several.</summary>
    public ServerName? Server { get; }

    public ILogger Log => _log;

    /// <summary>Gives the options of one attempt.</summary>
    /// <param name="deadline">When it ends, by <see cref="Time"/>; null for never.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="NoApiKeyException">The provider of the key gave none.</exception>
    public async ValueTask<CallOptions> CallOptionsAsync(DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        var key = _options.ApiKeyProvider is { } provider
            ? await NoApiKeyException.AskAsync(provider, cancellationToken).ConfigureAwait(false)
            : _options.ApiKey!;
        var credential = _credential;
        if (credential.Key != key)
            _credential = credential = new Credential(key);

        // gRPC holds a deadline against the machine's own clock, whatever the clock of the options says.
        var ends = deadline is { } end ? DateTime.UtcNow + (end - Time.GetUtcNow()) : (DateTime?)null;
        return new CallOptions(credential.Headers, ends, cancellationToken);
    }

    /// <summary>Does an operation, again where it found no server or one that takes no more for now, until it succeeds or its attempts or time are used
    /// up.</summary>
    /// <param name="operation">What it is.</param>
    /// <param name="attempt">Does it once.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <param name="resumable">Whether a cut of any kind may be mended by going on: for downloads.</param>
    public ValueTask<Outcome<T>> RunAsync<T>(
        Operation operation,
        Func<CallOptions, Task<T>> attempt,
        CancellationToken cancellationToken,
        bool resumable = false) =>
        RunAsync(operation, attempt, static (attempt, options) => attempt(options), cancellationToken, resumable);

    /// <summary>The same, with what an attempt needs given to it, so that a call makes no function of its own.</summary>
    /// <param name="operation">What it is.</param>
    /// <param name="with">What an attempt needs.</param>
    /// <param name="attempt">Does it once.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <param name="resumable">Whether a cut of any kind may be mended by going on: for downloads.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<T>> RunAsync<TWith, T>(
        Operation operation,
        TWith with,
        Func<TWith, CallOptions, Task<T>> attempt,
        CancellationToken cancellationToken,
        bool resumable = false)
    {
        var scope = SingleWindowTelemetry.Start(operation.Rpc, Server, Time);
        try
        {
            var deadline = Time.GetUtcNow() + operation.Deadline;
            SingleWindowError? lost = null;
            for (var attempts = 1; ; attempts++)
            {
                ThrowIfCanceled(operation, null, cancellationToken);
                SingleWindowError error;
                RpcException cause;
                try
                {
                    var callOptions = await CallOptionsAsync(deadline, cancellationToken).ConfigureAwait(false);
                    var value = await attempt(with, callOptions).ConfigureAwait(false);
                    scope.Succeed(attempts, operation.RequestId);
                    return new Outcome<T>(value, attempts);
                }
                catch (RpcException exception)
                {
                    ThrowIfCanceled(operation, exception, cancellationToken);
                    cause = exception;
                    error = About(ErrorReader.Read(exception), operation, attempts);
                }
                catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
                {
                    ThrowIfCanceled(operation, exception, cancellationToken);
                    throw;
                }
                catch (NoApiKeyException exception)
                {
                    ThrowIfCanceled(operation, exception, cancellationToken);
                    error = About(exception.Error, operation, attempts);
                    SingleWindowException failure = lost is null
                        ? new NoApiKeyException(error, exception.InnerException)
                        : ErrorTable.AfterLost(lost, error, exception);
                    scope.Fail(failure);
                    throw failure;
                }
                catch (SingleWindowException exception)
                {
                    scope.Fail(exception);
                    throw;
                }
                catch (Exception exception) when (lost is not null)
                {
                    var failure = ErrorTable.AfterLost(lost, lost with { Attempts = attempts }, exception);
                    scope.Fail(failure);
                    throw failure;
                }

                var mayRepeat = error.StatusCode == RpcStatusCode.Unavailable || IsRefusedForNow(error) || (resumable && IsCut(error));
                var wait = NextWait(attempts, error.RetryAfter);
                if (!mayRepeat || attempts >= _options.Retry.MaxAttempts || Time.GetUtcNow() + wait >= deadline)
                {
                    var failure = ErrorTable.ToException(error, cause);
                    if (lost is not null && ErrorTable.MayComeBeforeTheRequestId(failure))
                        failure = ErrorTable.AfterLost(lost, error, failure);
                    scope.Fail(failure);
                    throw failure;
                }

                if (operation.RequestId is not null && ErrorTable.MayHaveBeenMade(error))
                    lost = error;
                _log.LogInformation(
                    "{Operation}: {Error}; attempt {Attempt} of {Most} follows in {Wait}",
                    operation.Rpc, error.ReasonCode ?? error.MessageEn, attempts + 1, _options.Retry.MaxAttempts, wait);
                try
                {
                    await Task.Delay(wait, Time, cancellationToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException exception)
                {
                    ThrowIfCanceled(operation, exception, cancellationToken);
                    throw;
                }
            }
        }
        finally
        {
            scope.Dispose();
        }
    }

    /// <summary>Whether a stream was cut, by the network, by a server that went away or to which it was read too slowly, and can be taken
    /// up again.</summary>
    public static bool IsCut(SingleWindowError error) => error.ReasonCode is null
        ? error.StatusCode is RpcStatusCode.Unavailable or RpcStatusCode.Internal or RpcStatusCode.Unknown
            or RpcStatusCode.Cancelled or RpcStatusCode.DataLoss or RpcStatusCode.ResourceExhausted
        : error.StatusCode is RpcStatusCode.Unavailable || error.Reason is ErrorReason.ReadTooSlowly || IsRefusedForNow(error);

    /// <summary>Whether a limit stopped the call before it had any effect, and passes by itself: the server says when.</summary>
    public static bool IsRefusedForNow(SingleWindowError error) =>
        error is { StatusCode: RpcStatusCode.ResourceExhausted, ReasonCode: not null, RetryAfter: not null }
            and not { Reason: ErrorReason.TooManyBadCredentials };

    /// <summary>A key and the headers that carry it, which no call changes.</summary>
    private sealed class Credential
    {
        public Credential(string? key)
        {
            Key = key;
            if (!string.IsNullOrEmpty(key))
                Headers.Add("authorization", $"Bearer {key}");
        }

        public string? Key { get; }

        public Metadata Headers { get; } = [];
    }

    private static SingleWindowError About(SingleWindowError error, Operation operation, int attempts) =>
        error with { Operation = operation.Rpc.ToString(), RequestId = operation.RequestId, Attempts = attempts };

    private TimeSpan NextWait(int attempt, TimeSpan? asked)
    {
        var retry = _options.Retry;
        return Backoff.Next(attempt, retry.InitialBackoff, retry.MaxBackoff, retry.Multiplier, asked);
    }

    private static void ThrowIfCanceled(Operation operation, Exception? cause, CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
            return;
        if (operation.RequestId is { } requestId)
            throw new ChangeCanceledException(requestId, cause, cancellationToken);
        throw new OperationCanceledException(null, cause, cancellationToken);
    }
}
