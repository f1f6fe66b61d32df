using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>grpc.reflection.v1 and v1alpha: a tool that has nothing else can rebuild the whole contract from the answers.</summary>
public sealed class ReflectionTests : IClassFixture<BridgeServer>
{
    private readonly BridgeServer server;

    public ReflectionTests(BridgeServer server, ITestOutputHelper output)
    {
        this.server = server;
        server.Output = output;
    }

    [Fact]
    public async Task Every_service_is_listed_and_can_be_rebuilt_with_all_that_it_uses()
    {
        var served = server.Services.GetRequiredService<ServedServices>().Descriptors.Select(service => service.FullName).Order();
        var listed = (await AskAsync(new ServerReflectionRequest { ListServices = "*" })).ListServicesResponse.Service.Select(it => it.Name);
        Assert.Equal(served, listed.Order());

        foreach (var service in served)
        {
            var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = service });
            var files = Build(answer);
            Assert.Contains(files.SelectMany(file => file.Services), it => it.FullName == service);
        }
    }

    [Theory]
    [InlineData("singlewindow.bridge.v1.Case")]
    [InlineData("singlewindow.bridge.v1.Case.etag")]
    [InlineData("singlewindow.bridge.v1.CaseService.GetCase")]
    [InlineData("singlewindow.bridge.v1.Stage")]
    [InlineData("singlewindow.bridge.v1.STAGE_APPLICATION")]
    [InlineData("singlewindow.bridge.v1.UploadFileRequest.part")]
    [InlineData("singlewindow.bridge.v1.TableRow.CellsEntry")]
    [InlineData("singlewindow.bridge.v1.FieldProblems")]
    [InlineData("google.rpc.ErrorInfo")]
    [InlineData("grpc.health.v1.HealthCheckResponse.SERVING")]
    public async Task A_symbol_of_any_kind_is_found(string symbol) =>
        Assert.NotEmpty(Build(await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol })));

    [Fact]
    public async Task A_file_is_found_by_its_name_with_what_it_imports()
    {
        var files = Build(await AskAsync(new ServerReflectionRequest { FileByFilename = "singlewindow/bridge/v1/receipt.proto" }));
        Assert.Contains("singlewindow/bridge/v1/receipt.proto", files.Select(file => file.Name));
        Assert.Contains("google/protobuf/timestamp.proto", files.Select(file => file.Name));
    }

    [Fact]
    public async Task What_there_is_not_is_said_so_and_the_stream_goes_on()
    {
        ServerReflectionRequest[] questions =
        [
            new() { FileContainingSymbol = "no.such.Thing" },
            new() { FileByFilename = "no/such.proto" },
            new() { FileContainingExtension = new ExtensionRequest { ContainingType = "singlewindow.bridge.v1.Case", ExtensionNumber = 1 } },
            new() { AllExtensionNumbersOfType = "no.such.Thing" },
            new(),
            new() { AllExtensionNumbersOfType = "singlewindow.bridge.v1.Case" },
        ];
        using var call = new ServerReflection.ServerReflectionClient(server.First.Calls).ServerReflectionInfo();
        var codes = new List<int>();
        foreach (var question in questions)
        {
            await call.RequestStream.WriteAsync(question);
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(question, call.ResponseStream.Current.OriginalRequest);
            codes.Add(call.ResponseStream.Current.ErrorResponse?.ErrorCode ?? 0);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal([5, 5, 5, 5, 3, 0], codes);
    }

    [Fact]
    public async Task The_older_version_answers_the_same()
    {
        var question = new ServerReflectionRequest { Host = "bridge", FileContainingSymbol = "singlewindow.bridge.v1.CaseService" };
        using var call = new V1Alpha.ServerReflection.ServerReflectionClient(server.First.Calls).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(V1Alpha.ServerReflectionRequest.Parser.ParseFrom(question.ToByteString()));
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal((await AskAsync(question)).ToByteString(), call.ResponseStream.Current.ToByteString());
    }

    [Fact]
    public async Task No_key_is_needed()
    {
        using var stranger = new Running.Authority(server.Address, key: null);
        Assert.NotNull((await AskAsync(new ServerReflectionRequest { ListServices = "" }, stranger)).ListServicesResponse);
    }

    private static IReadOnlyList<FileDescriptor> Build(ServerReflectionResponse answer)
    {
        // Each file before those that import it, as a tool would sort them.
        var files = answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToDictionary(file => file.Name);
        var sorted = new List<FileDescriptorProto>();
        foreach (var file in files.Values)
            Add(file);
        return FileDescriptor.BuildFromByteStrings(sorted.Select(file => file.ToByteString()));

        void Add(FileDescriptorProto file)
        {
            if (sorted.Contains(file))
                return;
            foreach (var import in file.Dependency)
                Add(files[import]);
            sorted.Add(file);
        }
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest question, Running.Authority? caller = null)
    {
        using var call = new ServerReflection.ServerReflectionClient((caller ?? server.First).Calls).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(question);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext());
        return call.ResponseStream.Current;
    }
}
