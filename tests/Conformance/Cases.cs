using Google.Protobuf;
using Grpc.Core;
using SingleWindowBridge.Conformance.Testing;

namespace SingleWindowBridge.Conformance;

/// <summary>The public interoperability cases, as their description has them.</summary>
internal static class Cases
{
    /// <summary>The header that the server gives back with its headers.</summary>
    public const string InitialKey = "x-grpc-test-echo-initial";

    /// <summary>The header that the server gives back with its trailers.</summary>
    public const string TrailingKey = "x-grpc-test-echo-trailing-bin";

    private static readonly (int Request, int Response)[] PingPongSizes = [(27182, 31415), (8, 9), (1828, 2653), (45904, 58979)];

    /// <summary>What each case does.</summary>
    public static readonly IReadOnlyDictionary<string, Func<ChannelBase, Task>> ByName = new Dictionary<string, Func<ChannelBase, Task>>
    {
        ["empty_unary"] = EmptyUnary,
        ["large_unary"] = LargeUnary,
        ["client_streaming"] = ClientStreaming,
        ["server_streaming"] = ServerStreaming,
        ["ping_pong"] = PingPong,
        ["empty_stream"] = EmptyStream,
        ["custom_metadata"] = CustomMetadata,
        ["status_code_and_message"] = channel => StatusCodeAndMessage(channel, "test status message", duplexToo: true),
        ["special_status_message"] = channel => StatusCodeAndMessage(channel, "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n", duplexToo: false),
        ["unimplemented_method"] = channel => Fails(StatusCode.Unimplemented, Stub(channel).UnimplementedCallAsync(new Empty()).ResponseAsync),
        ["unimplemented_service"] = channel => Fails(
            StatusCode.Unimplemented, new UnimplementedService.UnimplementedServiceClient(channel).UnimplementedCallAsync(new Empty()).ResponseAsync),
        ["cancel_after_begin"] = CancelAfterBegin,
        ["cancel_after_first_response"] = CancelAfterFirstResponse,
        ["timeout_on_sleeping_server"] = TimeoutOnSleepingServer,
    };

    private static TestService.TestServiceClient Stub(ChannelBase channel) => new(channel);

    private static async Task EmptyUnary(ChannelBase channel) => Same(new Empty(), await Stub(channel).EmptyCallAsync(new Empty()));

    private static async Task LargeUnary(ChannelBase channel)
    {
        var response = await Stub(channel).UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeros(271828) });
        Same(Zeros(314159), response.Payload);
    }

    private static async Task ClientStreaming(ChannelBase channel)
    {
        using var call = Stub(channel).StreamingInputCall();
        foreach (var (size, _) in PingPongSizes)
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(size) });
        await call.RequestStream.CompleteAsync();
        Same(74922, (await call).AggregatedPayloadSize);
    }

    private static async Task ServerStreaming(ChannelBase channel)
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters = { PingPongSizes.Select(sizes => new ResponseParameters { Size = sizes.Response }) },
        };
        using var call = Stub(channel).StreamingOutputCall(request);
        var sizes = new List<int>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            sizes.Add(response.Payload.Body.Length);
        Same("31415 9 2653 58979", string.Join(' ', sizes));
    }

    private static async Task PingPong(ChannelBase channel)
    {
        using var call = Stub(channel).FullDuplexCall();
        foreach (var (request, response) in PingPongSizes)
            Same(response, await PingAsync(call, request, response));
        await call.RequestStream.CompleteAsync();
        Same(false, await call.ResponseStream.MoveNext());
    }

    private static async Task EmptyStream(ChannelBase channel)
    {
        using var call = Stub(channel).FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        Same(false, await call.ResponseStream.MoveNext());
        Same(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private static async Task CustomMetadata(ChannelBase channel)
    {
        const string Initial = "test_initial_metadata_value";
        byte[] trailing = [0xAB, 0xAB, 0xAB];
        var headers = new Metadata { { InitialKey, Initial }, { TrailingKey, trailing } };

        using var unary = Stub(channel).UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeros(271828) }, headers);
        Same(314159, (await unary).Payload.Body.Length);
        Same(Initial, (await unary.ResponseHeadersAsync).GetValue(InitialKey));
        Same("ABABAB", Convert.ToHexString(unary.GetTrailers().GetValueBytes(TrailingKey) ?? []));

        using var duplex = Stub(channel).FullDuplexCall(headers);
        Same(314159, await PingAsync(duplex, 271828, 314159));
        await duplex.RequestStream.CompleteAsync();
        Same(false, await duplex.ResponseStream.MoveNext());
        Same(Initial, (await duplex.ResponseHeadersAsync).GetValue(InitialKey));
        Same("ABABAB", Convert.ToHexString(duplex.GetTrailers().GetValueBytes(TrailingKey) ?? []));
    }

    private static async Task StatusCodeAndMessage(ChannelBase channel, string message, bool duplexToo)
    {
        var asked = new EchoStatus { Code = (int)StatusCode.Unknown, Message = message };
        var unary = await Fails(StatusCode.Unknown, Stub(channel).UnaryCallAsync(new SimpleRequest { ResponseStatus = asked }).ResponseAsync);
        Same(message, unary.Detail);
        if (!duplexToo)
            return;

        using var call = Stub(channel).FullDuplexCall();
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = asked });
        await call.RequestStream.CompleteAsync();
        Same(message, (await Fails(StatusCode.Unknown, call.ResponseStream.MoveNext())).Detail);
    }

    private static async Task CancelAfterBegin(ChannelBase channel)
    {
        using var cancellation = new CancellationTokenSource();
        using var call = Stub(channel).StreamingInputCall(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await Fails(StatusCode.Cancelled, call.ResponseAsync);
    }

    private static async Task CancelAfterFirstResponse(ChannelBase channel)
    {
        using var cancellation = new CancellationTokenSource();
        using var call = Stub(channel).FullDuplexCall(cancellationToken: cancellation.Token);
        Same(31415, await PingAsync(call, 27182, 31415));
        await cancellation.CancelAsync();
        await Fails(StatusCode.Cancelled, call.ResponseStream.MoveNext());
    }

    private static async Task TimeoutOnSleepingServer(ChannelBase channel)
    {
        // Nothing is asked for and the stream is left open, so that only the deadline can end the call.
        using var call = Stub(channel).FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(200));
        try
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Zeros(27182) });
        }
        catch (RpcException early) when (early.StatusCode == StatusCode.DeadlineExceeded)
        {
            // The deadline may pass before the request is out.
        }

        await Fails(StatusCode.DeadlineExceeded, call.ResponseStream.MoveNext());
    }

    private static async Task<int> PingAsync(
        AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call, int request, int response)
    {
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest
        {
            Payload = Zeros(request), ResponseParameters = { new ResponseParameters { Size = response } },
        });
        return await call.ResponseStream.MoveNext() ? call.ResponseStream.Current.Payload.Body.Length : -1;
    }

    private static async Task<Status> Fails<T>(StatusCode expected, Task<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException failure)
        {
            Same(expected, failure.StatusCode);
            return failure.Status;
        }

        throw new UnexpectedException($"The call went well where it had to end with {expected}.");
    }

    private static void Same<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new UnexpectedException($"Expected {expected}, got {actual}.");
    }

    private static Payload Zeros(int size) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };
}
