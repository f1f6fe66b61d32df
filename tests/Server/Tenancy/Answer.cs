using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Tenancy;

/// <summary>All that a caller can read of an answer, good or bad, but for what it has sent itself and what is new in every answer.</summary>
internal static partial class Answer
{
    private const int ShortestEcho = 6;

    private static readonly TypeRegistry Known = TypeRegistry.FromMessages(
        ErrorInfo.Descriptor, LocalizedMessage.Descriptor, RetryInfo.Descriptor, BadRequest.Descriptor, FieldProblems.Descriptor);

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithTypeRegistry(Known));

    /// <summary>Makes a call of any kind with one request, and gives what came of it.</summary>
    /// <param name="calls">Who calls.</param>
    /// <param name="method">The RPC.</param>
    /// <param name="request">The request, or what the messages of a stream of requests are made of.</param>
    /// <param name="echo">What was sent and may come back.</param>
    public static async Task<string> OfAsync(CallInvoker calls, MethodDescriptor method, IMessage request, string echo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string text;
        try
        {
            text = string.Join('\n', (await CallAsync(calls, method, request, patience.Token)).Select(message => Json.Format(message)));
        }
        catch (RpcException refused)
        {
            var refusal = Refusal.Of(refused);
            text = string.Join(
                '\n',
                [
                    $"{refusal.Code}", refusal.Message, .. refusal.Details.Select(detail => Json.Format(detail)),
                    .. refused.Trailers.Select(it => it.Key).Where(key => key != "date").Order(StringComparer.Ordinal),
                ]);
        }

        if (echo.Length >= ShortestEcho)
            text = text.Replace(echo, "(sent)", StringComparison.Ordinal).Replace(echo.ToLowerInvariant(), "(sent)", StringComparison.Ordinal);
        return New().Replace(text, "(new)");
    }

    private static async Task<IReadOnlyList<IMessage>> CallAsync(
        CallInvoker calls, MethodDescriptor method, IMessage request, CancellationToken cancellationToken)
    {
        var type = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            _ => MethodType.DuplexStreaming,
        };
        var call = new Method<IMessage, IMessage>(
            type, method.Service.FullName, method.Name, Marshallers.Create<IMessage>(it => it.ToByteArray(), _ => throw new NotSupportedException()),
            Marshallers.Create<IMessage>(it => it.ToByteArray(), bytes => method.OutputType.Parser.ParseFrom(bytes)));
        var options = new CallOptions(cancellationToken: cancellationToken);
        switch (type)
        {
            case MethodType.Unary:
                return [await calls.AsyncUnaryCall(call, null, options, request)];
            case MethodType.ClientStreaming:
                using (var upload = calls.AsyncClientStreamingCall(call, null, options))
                {
                    await WriteAsync(upload.RequestStream, request);
                    return [await upload.ResponseAsync];
                }

            case MethodType.ServerStreaming:
                using (var download = calls.AsyncServerStreamingCall(call, null, options, request))
                    return await FirstAsync(download.ResponseStream, cancellationToken);
            default:
                using (var both = calls.AsyncDuplexStreamingCall(call, null, options))
                {
                    await WriteAsync(both.RequestStream, request);
                    return await FirstAsync(both.ResponseStream, cancellationToken);
                }
        }
    }

    // A stream may go on for ever: its first message tells.
    private static async Task<IReadOnlyList<IMessage>> FirstAsync(IAsyncStreamReader<IMessage> messages, CancellationToken cancellationToken) =>
        await messages.MoveNext(cancellationToken) ? [messages.Current] : [];

    private static async Task WriteAsync(IClientStreamWriter<IMessage> messages, IMessage request)
    {
        try
        {
            await messages.WriteAsync(request);
            if (request is UploadFileRequest { Header: not null })
                await messages.WriteAsync(new UploadFileRequest { Chunk = ByteString.CopyFrom(SampleFiles.Pdf) });
            await messages.CompleteAsync();
        }
        catch (Exception cut) when (cut is RpcException or InvalidOperationException or IOException)
        {
            // The answer says why.
        }
    }

    // Ids, official numbers, times, versions, traces: what is new with every answer.
    [GeneratedRegex(
        @"\b[0-9A-HJKMNP-TV-Z]{26}\b|\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b20\d{16}\b|\b\d{4}-\d\d-\d\dT[\d:.]+Z|""etag"": ""\d+""|\b[0-9a-f]{32}\b")]
    private static partial Regex New();
}
