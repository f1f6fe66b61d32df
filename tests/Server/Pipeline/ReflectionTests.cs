using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Reflection.V1;
using SingleWindowBridge.Server.Tests.Running;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace SingleWindowBridge.Server.Tests.Pipeline;

public sealed class ReflectionTests(BridgeServer server) : IClassFixture<BridgeServer>
{
    private static readonly string[] Served =
    [
        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
        "singlewindow.bridge.v1.ApplicationService", "singlewindow.bridge.v1.CaseService",
        "singlewindow.bridge.v1.CatalogueService",
        "singlewindow.bridge.v1.FileService", "singlewindow.bridge.v1.NegotiationService",
        "singlewindow.bridge.v1.QuestionnaireService", "singlewindow.bridge.v1.ReceiptService",
        "singlewindow.bridge.v1.RectificationService", "singlewindow.sandbox.v1.SandboxService",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_services_are_listed_by_both_versions(bool alpha)
    {
        var answer = await AskAsync(new ServerReflectionRequest { ListServices = "*" }, alpha);
        Assert.Equal(Served, answer.ListServicesResponse.Service.Select(it => it.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("singlewindow.bridge.v1.CaseService", false)]
    [InlineData("singlewindow.bridge.v1.CaseService", true)]
    [InlineData("singlewindow.bridge.v1.CaseService.GetCase", false)]
    [InlineData("singlewindow.bridge.v1.Case", false)]
    [InlineData("singlewindow.bridge.v1.Stage", false)]
    [InlineData("singlewindow.bridge.v1.FieldProblems", false)]
    [InlineData("singlewindow.sandbox.v1.CustomsAct", false)]
    [InlineData("google.rpc.BadRequest", false)]
    [InlineData("google.protobuf.Timestamp", false)]
    public async Task The_file_of_a_symbol_comes_with_all_that_it_needs(string symbol, bool alpha)
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol }, alpha);
        var files = answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToList();
        Assert.StartsWith(files[0].Package, symbol, StringComparison.Ordinal);
        Assert.Subset(files.Select(it => it.Name).ToHashSet(), files.SelectMany(it => it.Dependency).ToHashSet());

        // What comes is enough to build the types from: dependencies last.
        Assert.NotEmpty(FileDescriptor.BuildFromByteStrings(InOrder(files)));
    }

    [Fact]
    public async Task A_file_is_found_by_its_name()
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileByFilename = "singlewindow/bridge/v1/case.proto" },
            alpha: false);
        var file = FileDescriptorProto.Parser.ParseFrom(answer.FileDescriptorResponse.FileDescriptorProto[0]);
        Assert.Equal("singlewindow/bridge/v1/case.proto", file.Name);
    }

    [Fact]
    public async Task What_there_is_not_is_an_error_within_the_answer()
    {
        foreach (var request in new[]
        {
            new ServerReflectionRequest { FileContainingSymbol = "singlewindow.bridge.v1.Moon" },
            new ServerReflectionRequest { FileByFilename = "moon.proto" },
        })
        {
            var answer = await AskAsync(request, alpha: false);
            Assert.Equal(((int)global::Grpc.Core.StatusCode.NotFound, request),
                (answer.ErrorResponse.ErrorCode, answer.OriginalRequest));
        }
    }

    private static IEnumerable<ByteString> InOrder(List<FileDescriptorProto> files)
    {
        var done = new HashSet<string>();
        while (done.Count < files.Count)
        {
            var next = files.First(it => !done.Contains(it.Name) && it.Dependency.All(done.Contains));
            done.Add(next.Name);
            yield return next.ToByteString();
        }
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request, bool alpha)
    {
        if (alpha)
        {
            using var older = new V1Alpha.ServerReflection.ServerReflectionClient(server.First.Calls).ServerReflectionInfo();
            await older.RequestStream.WriteAsync(V1Alpha.ServerReflectionRequest.Parser.ParseFrom(request.ToByteString()));
            Assert.True(await older.ResponseStream.MoveNext(CancellationToken.None));
            return ServerReflectionResponse.Parser.ParseFrom(older.ResponseStream.Current.ToByteString());
        }

        using var call = new ServerReflection.ServerReflectionClient(server.First.Calls).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call.ResponseStream.Current;
    }
}
