namespace Grpc.Core;

/// <summary>A channel to a service, shared by its clients.</summary>
public abstract class ChannelBase
{
    /// <summary>Makes a channel to the target.</summary>
    protected ChannelBase(string target) => Target = Require.NotNull(target, nameof(target));

    /// <summary>The address the channel was made for.</summary>
    public string Target { get; }

    /// <summary>Makes an invoker of calls over this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Shuts the channel down.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Shuts the channel down; does nothing unless overridden.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
