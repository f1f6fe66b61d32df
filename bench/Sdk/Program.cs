using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SingleWindowBridge;
using SingleWindowBridge.Bench.Sdk;
using Wire = SingleWindow.Bridge.V1;

// What the SDK adds to a unary call: CaseService.GetCase by the SDK beside the same by the raw stub with key and deadline, one call at a
// time, against a server in this process that answers from memory. They take turns every few milliseconds, so that whatever else the
// machine does falls on both. The last line is the ratio of the times.
const int Parts = 20;
const int TurnsAPart = 100;
const int CallsATurn = 40;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
builder.Services.AddGrpc();
await using var server = builder.Build();
server.MapGrpcService<OneCase>();
await server.StartAsync();
var address = server.Urls.Single();

const string Key = "bench-key";
using var channel = GrpcChannel.ForAddress(address);
var stub = new Wire.CaseService.CaseServiceClient(channel);
var headers = new Metadata { { "authorization", $"Bearer {Key}" } };
await using var client = new SingleWindowClient(new SingleWindowClientOptions(address, Key));

async Task Raw() => await stub.GetCaseAsync(
    new Wire.GetCaseRequest { CaseId = OneCase.Id }, new CallOptions(headers, DateTime.UtcNow.AddSeconds(30)));

async Task Sdk() => await client.Cases.GetAsync(OneCase.Id);

var parts = new List<Part>();
for (var part = -4; part < Parts; part++)
{
    var (raw, sdk) = (new List<Turn>(), new List<Turn>());
    for (var turn = 0; turn < TurnsAPart; turn++)
    {
        // Who goes first changes, too.
        if (turn % 2 == 0)
            raw.Add(await Turn.TakeAsync(Raw, CallsATurn));
        sdk.Add(await Turn.TakeAsync(Sdk, CallsATurn));
        if (turn % 2 == 1)
            raw.Add(await Turn.TakeAsync(Raw, CallsATurn));
    }

    if (part >= 0)
        parts.Add(new Part(Turn.Middle(raw), Turn.Middle(sdk)));
}

Console.WriteLine("server and transport included, a call:");
Say("raw stub", part => part.Raw);
Say("SDK", part => part.Sdk);
var times = parts.Select(part => part.Sdk.Microseconds / part.Raw.Microseconds).Order().ToList();
var processor = parts.Select(part => part.Sdk.Processor / part.Raw.Processor).Order().ToList();
Console.WriteLine(FormattableString.Invariant(
    $"the SDK adds {Median(part => part.Sdk.Bytes - part.Raw.Bytes):0} bytes and {Median(part => part.Sdk.Processor - part.Raw.Processor):0.0} µs of processor time a call"));
Console.WriteLine(FormattableString.Invariant(
    $"ratio of processor time: {processor[Parts / 2]:0.000}, quartiles of {Parts} parts {processor[Parts / 4]:0.000} to {processor[Parts * 3 / 4]:0.000}"));
Console.WriteLine(FormattableString.Invariant($"quartiles of the ratio of times: {times[Parts / 4]:0.000} to {times[Parts * 3 / 4]:0.000}"));
Console.WriteLine(FormattableString.Invariant($"ratio: {times[Parts / 2]:0.000}"));

double Median(Func<Part, double> of) => parts.Select(of).Order().ElementAt(Parts / 2);

void Say(string name, Func<Part, Turn> of) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{name,-9} {Median(part => of(part).Microseconds),8:0.0} µs {Median(part => of(part).Processor),8:0.0} µs of processor time {Median(part => of(part).Bytes),8:0} bytes"));

namespace SingleWindowBridge.Bench.Sdk
{
    /// <summary>Many turns of both.</summary>
    internal sealed record Part(Turn Raw, Turn Sdk);

    /// <summary>What some calls in a row took, for each call; processor time is that of all threads, the server's too.</summary>
    internal sealed record Turn(double Microseconds, double Processor, double Bytes)
    {
        public static async Task<Turn> TakeAsync(Func<Task> call, int calls)
        {
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var processor = Environment.CpuUsage.TotalTime;
            var begun = Stopwatch.GetTimestamp();
            for (var made = 0; made < calls; made++)
                await call();
            var took = Stopwatch.GetElapsedTime(begun);
            processor = Environment.CpuUsage.TotalTime - processor;
            return new Turn(
                took.TotalMicroseconds / calls, processor.TotalMicroseconds / calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls);
        }

        /// <summary>The medians of some turns.</summary>
        public static Turn Middle(List<Turn> turns) => new(
            Median(turns, turn => turn.Microseconds), Median(turns, turn => turn.Processor), Median(turns, turn => turn.Bytes));

        private static double Median(List<Turn> turns, Func<Turn, double> of) => turns.Select(of).Order().ElementAt(turns.Count / 2);
    }

    /// <summary>Answers with one case.</summary>
    internal sealed class OneCase : Wire.CaseService.CaseServiceBase
    {
        public const string Id = "01KA8BERGZQ4ZQJ7KJ41GPWGH3";

        public override Task<Wire.GetCaseResponse> GetCase(Wire.GetCaseRequest request, ServerCallContext context) =>
            Task.FromResult(new Wire.GetCaseResponse
            {
                Case = new Wire.Case
                {
                    CaseId = Id, Number = "202611000000000017", Category = "AQUATIC", Products = { "AQUATIC_WILD" }, Etag = "7",
                    Summary = "冻金枪鱼 frozen yellowfin tuna, Thunnus albacares", Stage = Wire.Stage.Questionnaire, Status = Wire.Status.Pending,
                },
            });
    }
}
