namespace SingleWindowBridge.Server.Storage;

/// <summary>A write that waits to be sent.</summary>
/// <param name="Text">The statement.</param>
/// <param name="Parameters">The object whose properties are its parameters, read when it is sent.</param>
/// <param name="Owner">Who posted it.</param>
/// <param name="Unseen">Whether no later statement of the transaction needs to see it.</param>
internal sealed record Posted(string Text, object? Parameters, Sql? Owner, bool Unseen = false)
{
    /// <summary>Ends a transaction.</summary>
    public static readonly Posted Commit = new("COMMIT", null, null);

    /// <summary>Whether it was sent.</summary>
    public bool Sent { get; private set; }

    /// <summary>Marks it as sent, and has the parameters know that their time has come.</summary>
    public void Send()
    {
        Sent = true;
        (Parameters as ISettled)?.Settle();
    }
}

/// <summary>Parameters that get their last values when they are sent, in the order of sending.</summary>
internal interface ISettled
{
    /// <summary>Takes the values.</summary>
    void Settle();
}
