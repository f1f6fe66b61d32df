using Dapper;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Exchange;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Tenancy;

/// <summary>
/// What belongs to another authority is not to be told from what never was. Every RPC of every service is found by reflection, and every
/// text in its request: one that is an id, token, cursor or the like is tried with all that the other authority has; one that nobody has
/// said yet what it is fails the test. The same answer, and the same number of statements sent to the database.
/// </summary>
public sealed class TenancyWalkTests : IAsyncLifetime
{
    private const int MostRounds = 20;

    private readonly ScriptedServer server = new();
    private readonly ITestOutputHelper output;
    private readonly StatementCount statements = new();

    public TenancyWalkTests(ITestOutputHelper output)
    {
        this.output = output;
        server.Wrap = inner => new CountingDatabase(inner, statements);
    }

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    private static IEnumerable<MethodDescriptor> Methods => new[] { typeof(Composition).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .Select(type => type.GetProperty("Descriptor")).Where(property => property?.PropertyType == typeof(ServiceDescriptor))
        .SelectMany(property => ((ServiceDescriptor)property!.GetValue(null)!).Methods)
        // The last ones make what the others are tried with one's own, or take it away.
        .OrderBy(method => method.Name == nameof(SandboxService.SandboxServiceClient.ResetAccount))
        .ThenBy(method => method.Name == nameof(ReceiptService.ReceiptServiceClient.CommitReceiptConsumer));

    [Fact]
    public void Every_text_of_every_request_is_known_for_what_it_is()
    {
        var unknown = Methods.SelectMany(method => RequestField.Of(method.InputType)
            .Where(field => !WalkedWorld.Ids.ContainsKey(field.Name) && !WalkedWorld.Texts.Contains(field.Name))
            .Select(field => $"{method.Service.Name}.{method.Name} {field}"));
        Assert.True(!unknown.Any(), $"Say in WalkedWorld what these are, an id or a text:\n{string.Join('\n', unknown)}");
        Assert.Contains(Methods, method => method.Service.FullName == Health.Descriptor.FullName);
        Assert.True(Methods.Count() > 60);
    }

    [Fact]
    public async Task What_is_anothers_is_answered_as_what_never_was()
    {
        var world = await WalkedWorld.MakeAsync(server);
        var (tried, leaks, blind) = (0, new List<string>(), new List<string>());
        foreach (var method in Methods)
        {
            foreach (var field in RequestField.Of(method.InputType).Where(field => WalkedWorld.KindOf(field) is not null))
            {
                var what = $"{method.Service.Name}.{method.Name} {field}";
                var kind = WalkedWorld.KindOf(field)!;
                var nobody = await AskAsync(world, method, field, WalkedWorld.Never(kind));
                foreach (var theirs in world.TheirsFor(kind))
                {
                    tried++;
                    if (await DifferAsync(world, method, field, theirs) is { } difference)
                        leaks.Add($"{what} = {difference}");
                }

                // The walk is worth something only where one's own id is answered in another way.
                var seen = false;
                foreach (var own in await world.OwnAsync(kind, method))
                    seen |= await AskAsync(world, method, field, own) != nobody;
                if (!seen && !WalkedWorld.IsBlind(method, field))
                    blind.Add(what);
            }
        }

        output.WriteLine($"{tried} tries, {Methods.Count()} RPCs.");
        Assert.Equal(1, await world.TheirPlaceAsync());
        Assert.True(
            leaks.Count + blind.Count == 0,
            $"{leaks.Count} of {tried} leak:\n{string.Join("\n\n", leaks.Take(5))}\n{blind.Count} are blind. One's own is answered as nothing is; bring the case further in WalkedWorld, or say why:\n{string.Join('\n', blind)}");
    }

    [Fact]
    public async Task What_the_far_end_of_the_exchange_calls_says_the_same_to_authorities_whatever_they_name()
    {
        var exchange = new BridgeServer();
        exchange.Settings["Exchange:Channel"] = "grpc";
        exchange.Settings["Exchange:Grpc:Keys:far-end"] = GrpcFarEnd.Key;
        await exchange.InitializeAsync();
        try
        {
            var made = await exchange.Second.ApplyAsync();
            string message;
            using (var connection = exchange.Connect())
                message = connection.QuerySingle<string>("SELECT message_id FROM outbox WHERE authority_id = 'second'");
            var files = await exchange.Second.UploadAsync();
            var sha256 = (await exchange.Second.Files.GetFileAsync(new GetFileRequest { FileId = files })).File.Sha256;
            var tried = 0;
            foreach (var method in CustomsExchangeService.Descriptor.Methods)
            {
                foreach (var field in RequestField.Of(method.InputType).Where(field => WalkedWorld.KindOf(field) is not null))
                {
                    foreach (var theirs in new[] { made.CaseId, made.Number, message, files, sha256 })
                    {
                        tried++;
                        var answers = new List<string>();
                        foreach (var value in new[] { theirs, WalkedWorld.NeverLike(theirs) })
                        {
                            var request = method.InputType.Parser.ParseFrom(ByteString.Empty);
                            field.Set(request, value);
                            answers.Add(await Answer.OfAsync(exchange.First.Calls, method, request, value));
                        }

                        Assert.StartsWith($"{StatusCode.PermissionDenied}\n", answers[0], StringComparison.Ordinal);
                        Assert.Equal(answers[1], answers[0]);
                    }
                }
            }

            Assert.True(tried >= 15, $"{tried} tries");
        }
        finally
        {
            await exchange.DisposeAsync();
        }
    }

    private async Task<string> AskAsync(WalkedWorld world, MethodDescriptor method, RequestField field, string value)
    {
        var request = world.Request(method, field);
        field.Set(request, value);
        return await Answer.OfAsync(server.First.Calls, method, request, value);
    }

    private async Task<(string Answer, int Statements)> MeasureAsync(WalkedWorld world, MethodDescriptor method, RequestField field, string value)
    {
        // The call before may have changed something: then the caller's account is read anew, whatever is asked.
        await server.First.Catalogue.GetAuthorityAsync(new GetAuthorityRequest());
        statements.Take();
        var answer = await AskAsync(world, method, field, value);
        return (answer, statements.Take());
    }

    // What is different for theirs and for what never was, in the text or in the work done; null for nothing.
    private async Task<string?> DifferAsync(WalkedWorld world, MethodDescriptor method, RequestField field, Func<Task<string>> make)
    {
        // What the server does by itself is counted as well, so the least of some tries counts.
        var (leastTheirs, leastNever) = (int.MaxValue, int.MaxValue);
        for (var round = 1; ; round++)
        {
            var theirs = await make();
            var never = WalkedWorld.NeverLike(theirs);
            var (asTheirs, sentForTheirs) = await MeasureAsync(world, method, field, theirs);
            var (asNever, sentForNever) = await MeasureAsync(world, method, field, never);
            (leastTheirs, leastNever) = (Math.Min(leastTheirs, sentForTheirs), Math.Min(leastNever, sentForNever));
            if (method.Name == nameof(ReceiptService.ReceiptServiceClient.CommitReceiptConsumer))
                await world.ForgetConsumersAsync(theirs, never);
            if (asTheirs != asNever)
                return $"{theirs}:\n{asTheirs}\nbut for {never}\n{asNever}";
            if (leastTheirs == leastNever)
                return null;
            if (round == MostRounds)
                return $"{theirs}: {leastTheirs} statements, but {leastNever} for {never}";
        }
    }
}
