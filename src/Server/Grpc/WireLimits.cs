using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>
/// What one caller may take of the server: every default of Kestrel and of the gRPC stack that matters here, set on purpose.
/// docs/wire.md lists them. What can be set stands under Wire in the settings; the rest follows from the contract.
/// </summary>
public sealed class WireLimits
{
    // What goes around the fields that a limit counts: tags, lengths, ids, and fields of clients newer than this server.
    private const int Envelope = 64 * 1024;

    private static readonly Dictionary<string, int> LargeCalls = new()
    {
        [nameof(FileService.FileServiceBase.UploadFile)] = UploadMessage,
        [nameof(CustomsExchangeService.CustomsExchangeServiceBase.GiveReceipt)] = UploadMessage,
        [nameof(SandboxService.SandboxServiceBase.PerformAct)] = ActMessage,
        [nameof(QuestionnaireService.QuestionnaireServiceBase.SaveAnswers)] = AnswersMessage,
        [nameof(QuestionnaireService.QuestionnaireServiceBase.SubmitAnswers)] = AnswersMessage,
    };

    /// <summary>Largest message of an ordinary call: 200 signing officers with names and positions of 100 characters fill 170 KB.</summary>
    public const int OrdinaryMessage = 256 * 1024;

    /// <summary>
    /// Largest message with answers: the largest table that a questionnaire of ours allows (500 rows of 4 cells of 1,000 characters,
    /// 4 bytes each) goes in one message. All tables of a questionnaire at their largest are saved one by one.
    /// </summary>
    public const int AnswersMessage = (8 * 1024 * 1024) + Envelope;

    /// <summary>Largest message of an upload: a chunk of 1 MiB, as the contract says, and its tag and length.</summary>
    public const int UploadMessage = (1024 * 1024) + 1024;

    /// <summary>Largest act of the sandbox: a file of the largest size inside the message, beside texts of 3 times 10,000 characters.</summary>
    public const int ActMessage = FileRules.MostBytes + (128 * 1024) + Envelope;

    /// <summary>What a call may have written and its reader not taken, before the next write waits.</summary>
    public const int ResponseBuffer = 64 * 1024;

    /// <summary>
    /// How many connections are open at once; a further one takes the place of one on which no good credential was shown, and is closed
    /// before it costs anything where there is none.
    /// </summary>
    public int Connections { get; set; } = 1_000;

    /// <summary>How many calls one connection may have open; a further one waits at the client, as the protocol has it.</summary>
    public int StreamsPerConnection { get; set; } = 100;

    /// <summary>How long a message may wait for its reader. Then the stream is reset: what it would send stays in the tables.</summary>
    public TimeSpan SlowestWrite { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection whose socket takes nothing is waited for before the least rate counts. Then it is closed.</summary>
    public TimeSpan UnreadAnswer { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>After how long without a word the other side is asked whether it is there.</summary>
    public TimeSpan PingAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take to say so before the connection is closed.</summary>
    public TimeSpan PongWithin { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an upload may take at least, however small it is.</summary>
    public TimeSpan UploadGrace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The slowest upload, in bytes a second on average: 4 MiB may take four and a half minutes.</summary>
    public int SlowestUpload { get; set; } = 16 * 1024;

    /// <summary>How long streams go on when the server stops, so that a health watcher hears of it before its clients do.</summary>
    public TimeSpan StreamsEndAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long all of the stop may take; calls that run then are cut off. 10 s is what is promised, with the process's end.</summary>
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>How often the database and the channel are looked at for health, once for all that ask.</summary>
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one look may take before it counts as out of reach.</summary>
    public TimeSpan HealthPatience { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Sets what Kestrel does.</summary>
    public void Apply(KestrelServerOptions kestrel)
    {
        // gRPC speaks HTTP/2 alone; without TLS there is no negotiation, so it is said here.
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            var gate = endpoint.ApplicationServices.GetRequiredService<ConnectionGate>();
            endpoint.Use(next => connection => gate.ServeAsync(connection, next));
        });
        kestrel.AddServerHeader = false;

        var limits = kestrel.Limits;

        // OpenConnections counts them; those that it closes are gone a moment later.
        limits.MaxConcurrentConnections = Connections + (Connections / 4) + 16;

        // A connection without a call, or without a greeting, is closed after this; one with a call, however quiet, is not.
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);

        // A block of headers comes at once or not at all.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);

        // Our longest header is the key; what tracing and proxies add fits many times. Counted before the call is made.
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;

        // For the calls with one request. The stack lifts both for client streams; UploadFile has limits of its own for that.
        limits.MaxRequestBodySize = AnswersMessage + 5;
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(15));

        // For a reader that stopped taking from the socket, never for a stream that has nothing to say or whose window is shut: those
        // have SlowestWrite, which ends only the one.
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 4096, gracePeriod: UnreadAnswer);

        // What a stream may have written and not sent: a follower that never reads holds this and no more.
        limits.MaxResponseBufferSize = ResponseBuffer;

        limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        limits.Http2.MaxRequestHeaderFieldSize = 8 * 1024;
        limits.Http2.HeaderTableSize = 4 * 1024;

        // The smallest that the protocol has: a frame is taken whole into memory before it is looked at.
        limits.Http2.MaxFrameSize = 16 * 1024;

        // What may come in before the call reads it, for one call and for all calls of a connection: half a chunk, a whole chunk.
        limits.Http2.InitialStreamWindowSize = 512 * 1024;
        limits.Http2.InitialConnectionWindowSize = 1024 * 1024;

        // A peer that went away without a word is noticed within 45 s, on every connection with a call open.
        limits.Http2.KeepAlivePingDelay = PingAfter;
        limits.Http2.KeepAlivePingTimeout = PongWithin;
    }

    /// <summary>Sets what the gRPC stack does for every service; Composition sets the receive limits of single services.</summary>
    public static void Apply(GrpcServiceOptions grpc)
    {
        grpc.MaxReceiveMessageSize = OrdinaryMessage;

        // Lists are bounded by their pages and downloads by their chunks.
        grpc.MaxSendMessageSize = null;

        // What went wrong inside is for the log; callers get a reason and a trace id.
        grpc.EnableDetailedErrors = false;

        // Off both ways: the stack's receive limit counts compressed bytes only, and files come compressed already.
        grpc.ResponseCompressionAlgorithm = null;
        grpc.CompressionProviders.Clear();

        // A call of a service that there is not is told so, not answered with 404.
        grpc.IgnoreUnknownServices = false;
    }

    /// <summary>
    /// Gives each call of a service its own receive limit, where the service's is for one large call only: the stack has one limit a
    /// service. Streams of requests have the service's.
    /// </summary>
    public static void KeepToOrdinaryMessages(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault() is { } call
            && call.Method.Type is MethodType.Unary or MethodType.ServerStreaming)
        {
            endpoint.Metadata.Add(new ReceiveLimit(LargestMessage(call.Method)));
        }
    }

    /// <summary>The largest message of a call's request, in bytes.</summary>
    internal static int LargestMessage(IMethod call) => LargeCalls.GetValueOrDefault(call.Name, OrdinaryMessage);

    /// <summary>Refuses a message.</summary>
    internal static BridgeException TooLarge(int most) =>
        new(ErrorReason.MessageTooLarge, ("limit_bytes", most.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}

/// <summary>The largest message of a call, where that is less than its service takes.</summary>
/// <param name="Bytes">In bytes, without the five before it.</param>
internal sealed record ReceiveLimit(int Bytes);
