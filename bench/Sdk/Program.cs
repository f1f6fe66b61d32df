using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SingleWindowBridge;
using SingleWindowBridge.Bench.Sdk;
using Wire = SingleWindow.Bridge.V1;

// What the SDK adds to a unary call: CaseService.GetCase by the SDK beside the same by the raw stub with key and deadline, in turns, one
// call at a time, against a server in this process that answers from memory. The last line is the ratio of the times.
const int Rounds = 60;
const int CallsARound = 1000;

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

var raw = new List<Round>();
var sdk = new List<Round>();
for (var round = -10; round < Rounds; round++)
{
    // Who goes first changes, so that what drifts falls on both.
    var first = await Round.RunAsync(round % 2 == 0 ? Raw : Sdk, CallsARound);
    var second = await Round.RunAsync(round % 2 == 0 ? Sdk : Raw, CallsARound);
    if (round < 0)
        continue;
    raw.Add(round % 2 == 0 ? first : second);
    sdk.Add(round % 2 == 0 ? second : first);
}

var ratios = raw.Zip(sdk, (r, s) => s.Microseconds / r.Microseconds).Order().ToList();
Say("raw stub", raw);
Say("SDK", sdk);
Console.WriteLine(FormattableString.Invariant(
    $"the SDK adds {Median(sdk, r => r.Bytes) - Median(raw, r => r.Bytes):0} bytes a call; ratio of the times, quartiles: {ratios[Rounds / 4]:0.000} to {ratios[Rounds * 3 / 4]:0.000}"));
Console.WriteLine(FormattableString.Invariant($"ratio: {ratios[Rounds / 2]:0.000}"));

static double Median(List<Round> rounds, Func<Round, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);

static void Say(string name, List<Round> rounds) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{name,-9} {Median(rounds, r => r.Microseconds),8:0.0} µs a call {Median(rounds, r => r.Bytes),8:0} bytes a call, server's and transport's included"));

namespace SingleWindowBridge.Bench.Sdk
{
    /// <summary>What a round of calls took, for each call.</summary>
    internal sealed record Round(double Microseconds, double Bytes)
    {
        public static async Task<Round> RunAsync(Func<Task> call, int calls)
        {
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var begun = Stopwatch.GetTimestamp();
            for (var made = 0; made < calls; made++)
                await call();
            var took = Stopwatch.GetElapsedTime(begun);
            return new Round(took.TotalMicroseconds / calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls);
        }
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
