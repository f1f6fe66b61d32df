namespace Grpc.Core.Interceptors;

/// <summary>Puts interceptors before an invoker.</summary>
public static class CallInvokerExtensions
{
    /// <summary>An invoker whose calls pass this interceptor first.</summary>
    public static CallInvoker Intercept(this CallInvoker invoker, Interceptor interceptor)
        => new InterceptingCallInvoker(Require.NotNull(invoker, nameof(invoker)), Require.NotNull(interceptor, nameof(interceptor)));

    /// <summary>An invoker whose calls pass these interceptors, in their order.</summary>
    public static CallInvoker Intercept(this CallInvoker invoker, params Interceptor[] interceptors)
        => Require.NotNull(interceptors, nameof(interceptors)).AsEnumerable().Reverse()
            .Aggregate(Require.NotNull(invoker, nameof(invoker)), Intercept);

    /// <summary>An invoker that replaces the headers of its calls.</summary>
    public static CallInvoker Intercept(this CallInvoker invoker, Func<Metadata, Metadata> interceptor)
        => invoker.Intercept(new MetadataInterceptor(Require.NotNull(interceptor, nameof(interceptor))));
}

/// <summary>Puts interceptors before a channel.</summary>
public static class ChannelExtensions
{
    /// <summary>An invoker over the channel whose calls pass this interceptor first.</summary>
    public static CallInvoker Intercept(this ChannelBase channel, Interceptor interceptor)
        => Require.NotNull(channel, nameof(channel)).CreateCallInvoker().Intercept(interceptor);

    /// <summary>An invoker over the channel whose calls pass these interceptors, in their order.</summary>
    public static CallInvoker Intercept(this ChannelBase channel, params Interceptor[] interceptors)
        => Require.NotNull(channel, nameof(channel)).CreateCallInvoker().Intercept(interceptors);

    /// <summary>An invoker over the channel that replaces the headers of its calls.</summary>
    public static CallInvoker Intercept(this ChannelBase channel, Func<Metadata, Metadata> interceptor)
        => Require.NotNull(channel, nameof(channel)).CreateCallInvoker().Intercept(interceptor);
}
