namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// Carries a cancellation on to PostgreSQL's driver. Where a connection breaks while its call is cancelled, what the driver does upon the
/// cancellation fails by itself. That is not for whoever cancels to be told, least of all for a timer, where it would end the process; the
/// call itself fails for the connection, or as cancelled.
/// </summary>
internal sealed class CarriedCancellation : IDisposable
{
    private readonly CancellationTokenSource onward = new();
    private readonly CancellationTokenRegistration registration;

    /// <summary>Carries on what is cancelled by a token, until disposed.</summary>
    public CarriedCancellation(CancellationToken from)
    {
        Token = onward.Token;
        registration = from.UnsafeRegister(static carried => ((CarriedCancellation)carried!).Cancel(), this);
    }

    /// <summary>For the driver.</summary>
    public CancellationToken Token { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        registration.Dispose();
        onward.Dispose();
    }

    private void Cancel()
    {
        try
        {
            onward.Cancel();
        }
        catch (AggregateException)
        {
            // Of a connection that has just been broken off.
        }
    }
}
