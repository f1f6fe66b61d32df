using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Wire.Http2;

namespace SingleWindowBridge.Server.Tests.Wire;

/// <summary>
/// One call made from a seed: a right call of some method with one thing wrong, or none; and what the server may say to it. The same
/// seed makes the same call.
/// </summary>
public sealed class FuzzInput
{
    private static readonly (string Path, IMessage Message, bool Streams)[] Methods =
    [
        (Calls.Health, new global::Grpc.Health.V1.HealthCheckRequest(), false),
        (Calls.Cases, new ListCasesRequest { PageSize = 3, Category = "MEAT", PageToken = "abc" }, false),
        (Calls.Receipts, new ListReceiptsRequest { PageSize = 3, AfterCursor = "MS4yMg" }, false),
        ("/singlewindow.bridge.v1.CaseService/GetCase", new GetCaseRequest { CaseId = "01KA8BERGZQ4ZQJ7KJ41GPWGH3" }, false),
        ("/singlewindow.bridge.v1.CatalogueService/ListCountries", new ListCountriesRequest(), false),
        ("/singlewindow.bridge.v1.ApplicationService/SubmitApplication", new SubmitApplicationRequest
        {
            RequestId = "6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a11", ValidateOnly = true,
            Application = new Application { Category = "MEAT", Products = { "BEEF" }, Summary = "肉 meat", FileIds = { "a", "a" } },
        }, false),
        ("/singlewindow.bridge.v1.QuestionnaireService/SaveAnswers", new SaveAnswersRequest
        {
            RequestId = "6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a12", CaseId = "01KA8BERGZQ4ZQJ7KJ41GPWGH3",
            Answers = { new SingleWindow.Bridge.V1.Answer { QuestionId = "q", Text = "t" } },
        }, false),
        ("/singlewindow.sandbox.v1.SandboxService/PerformAct", new PerformActRequest
        {
            RequestId = "6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a13", CaseId = "202611000000000001",
            Act = new CustomsAct { OpenRound = new OpenRound { Files = { new SandboxFile { Name = "a.pdf", Content = ByteString.CopyFromUtf8("%PDF-") } } } },
        }, false),
        (Calls.Download, new DownloadFileRequest { FileId = "01KA8BERGZQ4ZQJ7KJ41GPWGH3", Offset = 1 }, false),
        (Calls.Upload, new UploadFileRequest
        {
            Header = new UploadFileHeader { RequestId = "6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a14", Name = "a.pdf", SizeBytes = 10 },
        }, true),
        ("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", new ServerReflectionRequest { FileContainingSymbol = "grpc.health.v1.Health" }, true),
        ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", new ServerReflectionRequest { ListServices = "" }, true),
    ];

    private static readonly StatusCode[] Reasoned =
    [
        StatusCode.OK, StatusCode.InvalidArgument, StatusCode.NotFound, StatusCode.AlreadyExists, StatusCode.FailedPrecondition,
        StatusCode.OutOfRange, StatusCode.Aborted,
    ];

    private readonly Random random;
    private readonly List<(string Name, string? Value)> headers = [];
    private readonly byte[] content;
    private readonly string path;
    private readonly bool streams;
    private byte[] body;
    private StatusCode[] allowed = Reasoned;
    private string httpStatus = "200";
    private bool resets;
    private bool cutsShort;
    private bool mayReset;

    public FuzzInput(int seed)
    {
        random = new Random(seed);
        (path, var message, streams) = Methods[random.Next(Methods.Length)];
        content = message.ToByteArray();
        body = Frames.Message(content);
        if (!streams && random.Next(4) == 0)
            headers.Add(("grpc-timeout", "50S"));
        Action[] wrongs =
        [
            Nothing, Garbage, Flips, Flips, Length, Flag, Encoding, Timeout, Binary, Metadata, ContentType, Verb, Path, Credential,
            NoBody, Twice, Reset, Short, ContentLength, Large,
        ];
        var wrong = wrongs[random.Next(wrongs.Length)];
        What = $"{wrong.Method.Name} of {path}";
        wrong();
    }

    public string What { get; }

    /// <summary>Whether the caller itself ends the call, so that no answer is waited for.</summary>
    public bool Resets => resets;

    /// <summary>Writes the call's frames, cut at places of the seed's choice.</summary>
    public void Write(Frames frames, int stream)
    {
        var ends = body.Length == 0 && !cutsShort && random.Next(2) == 0;
        frames.HeadersFrame(stream, Calls.To(path, [.. headers]), ends);
        for (var rest = body.AsSpan(); !ends;)
        {
            var count = random.Next(3) == 0 ? random.Next(Math.Min(rest.Length, 16_000) + 1) : Math.Min(rest.Length, 16_000);
            var last = count == rest.Length;
            var padded = random.Next(8) == 0;
            var flags = (byte)((last && !cutsShort && !resets ? Frames.EndStream : 0) | (padded ? Frames.Padded : 0));
            frames.Frame(Frames.Data, flags, stream, padded ? [2, .. rest[..count], 0, 0] : rest[..count]);
            rest = rest[count..];
            if (last)
                break;
        }

        if (cutsShort)
            frames.HeadersFrame(stream, [("checksum", "1")], end: true);
        if (resets)
            frames.Number(Frames.Reset, stream, (uint)random.Next(14));
    }

    /// <summary>What is wrong with the answer; null where nothing is.</summary>
    public string? Fault(CallEnd end)
    {
        if (end.ResetCode is not null)
            return mayReset && end.ResetCode > 0 ? null : $"{end}: a reset was not called for";
        if (end.HttpStatus != httpStatus)
            return $"{end}: HTTP {httpStatus} was called for";
        if (end.HttpStatus != "200")
            return null;
        if (end.Status is not { } status || !allowed.Contains(status))
            return $"{end}: {string.Join(" or ", allowed)} was called for";
        return end.Reason == "INTERNAL_ERROR" ? $"{end}: a fault of the bridge" : null;
    }

    private void Nothing()
    {
    }

    // Bytes that are no message, or by chance are one.
    private void Garbage()
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        body = Frames.Message(bytes);
        allowed = [.. Reasoned, StatusCode.Internal];
    }

    private void Flips()
    {
        var bytes = content.ToArray();
        for (var i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        body = Frames.Message(bytes);
        allowed = [.. Reasoned, StatusCode.Internal];
    }

    private void Length()
    {
        var length = random.Next(3) switch
        {
            0 => (uint)content.Length + (uint)random.Next(1, 1000),
            1 => (uint)random.Next(content.Length),
            _ => uint.MaxValue - (uint)random.Next(),
        };
        body = Frames.Message(content, length: length);
        allowed = length == content.Length ? Reasoned : [StatusCode.Internal, StatusCode.ResourceExhausted, StatusCode.InvalidArgument];
        if (length < content.Length && streams)
            allowed = [.. allowed, .. Reasoned];
    }

    private void Flag()
    {
        body = Frames.Message(content, flag: (byte)random.Next(1, 256));
        allowed = [StatusCode.Internal];
    }

    private void Encoding()
    {
        headers.Add(("grpc-encoding", Text(["gzip", "deflate", "snappy", "IDENTITY", "", "identity,gzip"])));
        allowed = [StatusCode.Unimplemented];
    }

    private void Timeout()
    {
        headers.RemoveAll(header => header.Name == "grpc-timeout");
        var wrong = random.Next(2) == 0;
        headers.Add(("grpc-timeout", wrong ? Text(["", "S", "1", "-1S", "1x", "999999999S", "1 S", "١S"]) : $"{random.Next(1000)}{"num"[random.Next(3)]}"));
        allowed = wrong ? [StatusCode.Internal] : [.. Reasoned, StatusCode.DeadlineExceeded];
        mayReset = !wrong;
    }

    private void Binary()
    {
        var wrong = random.Next(2) == 0;
        headers.Add(("x-bin", wrong ? Text(["A", "A*==", "====", "AA=A", "AAAAA"]) : Convert.ToBase64String(Bytes(100)).TrimEnd('=')));
        if (wrong)
            allowed = [StatusCode.Internal];
    }

    private void Metadata()
    {
        for (var i = random.Next(1, 40); i > 0; i--)
            headers.Add(($"x-{random.Next(100)}", new string((char)random.Next(' ', 127), random.Next(100)).Trim()));
    }

    private void ContentType()
    {
        headers.Add(("content-type", Text(["", "text/plain", "application/json", "application/grpc-web", "application/grpcx", "application/gRP"])));
        httpStatus = "415";
    }

    private void Verb()
    {
        headers.Add((":method", Text(["GET", "PUT", "DELETE", "HEAD", "PATCH"])));
        httpStatus = "404";
    }

    private void Path()
    {
        headers.Add((":path", path + (char)random.Next('a', 'z') + (random.Next(2) == 0 ? "?x=1" : "")));
        allowed = [StatusCode.Unimplemented];
    }

    private void Credential()
    {
        headers.Add(("authorization", Text(["", "Bearer", "Bearer x", "Basic eA==", new string('x', 3000), null])));
        if (!path.StartsWith("/grpc.", StringComparison.Ordinal))
            allowed = [StatusCode.Unauthenticated];
    }

    private void NoBody()
    {
        body = body[..random.Next(5)];
        allowed = body.Length == 0 && streams ? [.. Reasoned] : [StatusCode.Internal];
    }

    private void Twice()
    {
        body = [.. body, .. body];
        allowed = streams ? Reasoned : [StatusCode.Internal];
    }

    private void Reset() => resets = true;

    // Ends with trailers where the message is not whole.
    private void Short()
    {
        cutsShort = true;
        var cut = random.Next(body.Length + 1);
        allowed = cut == body.Length || (cut == 0 && streams) ? Reasoned : [StatusCode.Internal];
        body = body[..cut];
    }

    private void ContentLength()
    {
        headers.Add(("content-length", $"{body.Length + random.Next(-5, 6)}"));
        allowed = [.. Reasoned, StatusCode.Internal, StatusCode.Cancelled];
        mayReset = true;
    }

    private void Large()
    {
        body = Frames.Message(new byte[random.Next(16_000)], length: (uint)random.Next(WireLimits.OrdinaryMessage, int.MaxValue));
        allowed = [StatusCode.Internal, StatusCode.ResourceExhausted];
    }

    private string? Text(string?[] texts) => texts[random.Next(texts.Length)];

    private byte[] Bytes(int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }
}
