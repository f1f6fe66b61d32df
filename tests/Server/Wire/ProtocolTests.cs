using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Wire;

/// <summary>What the protocol says to calls that are not as they should be, by bytes on the wire.</summary>
public sealed class ProtocolTests : IClassFixture<BridgeServer>
{
    private static readonly byte[] Check = new HealthCheckRequest().Framed();
    private static readonly byte[] Gzipped = Frames.Message(Convert.FromHexString("1f8b08000000000000030300000000000000000000"), flag: 1);

    private readonly BridgeServer server;

    public ProtocolTests(BridgeServer server, ITestOutputHelper output)
    {
        this.server = server;
        server.Output = output;
    }

    [Fact]
    public async Task A_call_in_order_is_answered_without_compression()
    {
        var answer = await CallAsync(Calls.To(Calls.Health, ("grpc-accept-encoding", "gzip,deflate,identity"), ("accept-encoding", "gzip")), Check);
        Assert.Equal((StatusCode.OK, "200", "application/grpc"), (answer.Status, answer.HttpStatus, answer.Fields["content-type"]));
        Assert.Equal("identity", answer.Fields.GetValueOrDefault("grpc-encoding", "identity"));
        Assert.DoesNotContain("content-encoding", answer.Fields.Keys);
        Assert.Equal(0, answer.Body[0]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("snappy")]
    [InlineData("")]
    public async Task A_message_in_another_encoding_is_unimplemented_and_told_which_are(string encoding)
    {
        foreach (var message in new[] { Check, Gzipped })
        {
            var answer = await CallAsync(Calls.To(Calls.Health, ("grpc-encoding", encoding)), message);
            Assert.Equal((StatusCode.Unimplemented, "200"), (answer.Status, answer.HttpStatus));
            Assert.Equal("identity", answer.Fields["grpc-accept-encoding"]);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    public async Task A_message_that_is_compressed_without_saying_how_is_internal(string? encoding) =>
        Assert.Equal(StatusCode.Internal, (await CallAsync(Calls.To(Calls.Health, ("grpc-encoding", encoding)), Gzipped)).Status);

    [Theory]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData("1s")]
    [InlineData("5 S")]
    [InlineData("123456789S")]
    public async Task A_malformed_timeout_is_refused_rather_than_taken_for_none(string timeout) =>
        Assert.Equal(StatusCode.Internal, (await CallAsync(Calls.To(Calls.Health, ("grpc-timeout", timeout)), Check)).Status);

    [Theory]
    [InlineData("99999999H")]
    [InlineData("20S")]
    [InlineData("20000m")]
    [InlineData("20000000u")]
    public async Task A_timeout_in_every_unit_is_taken(string timeout) =>
        Assert.Equal(StatusCode.OK, (await CallAsync(Calls.To(Calls.Health, ("grpc-timeout", timeout)), Check)).Status);

    [Theory]
    [InlineData("AAEC", StatusCode.OK)]
    [InlineData("AAE=", StatusCode.OK)]
    [InlineData("AAE", StatusCode.OK)]
    [InlineData("AA,AAE,AAEC", StatusCode.OK)]
    [InlineData("", StatusCode.OK)]
    [InlineData("A", StatusCode.Internal)]
    [InlineData("AAECA", StatusCode.Internal)]
    [InlineData("A*EC", StatusCode.Internal)]
    [InlineData("=AAE", StatusCode.Internal)]
    public async Task Binary_metadata_must_be_base64(string value, StatusCode expected)
    {
        foreach (var path in new[] { Calls.Health, Calls.Cases })
            Assert.Equal(expected, (await CallAsync(Calls.To(path, ("trace-bin", value)), Check)).Status);
    }

    [Theory]
    [InlineData("application/grpc", 200)]
    [InlineData("application/grpc+proto", 200)]
    [InlineData("Application/GRPC;charset=utf-8", 200)]
    [InlineData("application/grpc-web", 415)]
    [InlineData("application/json", 415)]
    [InlineData("", 415)]
    [InlineData(null, 415)]
    public async Task Another_content_type_is_no_call(string? contentType, int httpStatus) =>
        Assert.Equal($"{httpStatus}", (await CallAsync(Calls.To(Calls.Health, ("content-type", contentType)), Check)).HttpStatus);

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    public async Task Another_verb_is_no_call(string verb) =>
        Assert.Equal("404", (await CallAsync(Calls.To(Calls.Health, (":method", verb)), Check)).HttpStatus);

    [Theory]
    [InlineData("/singlewindow.bridge.v1.CaseService/NoSuchCall")]
    [InlineData("/no.such.Service/Call")]
    public async Task A_call_that_there_is_not_is_unimplemented(string path) =>
        Assert.Equal((StatusCode.Unimplemented, "200"), await StatusesAsync(path, Check));

    public static TheoryData<string, byte[], StatusCode> BrokenMessages() => new()
    {
        { "none", [], StatusCode.Internal },
        { "half a prefix", [0, 0, 0], StatusCode.Internal },
        { "shorter than it says", Frames.Message([8, 1], length: 100), StatusCode.Internal },
        { "longer than it says", Frames.Message([8, 1, 8, 1], length: 2), StatusCode.Internal },
        { "two of them", [.. Check, .. Check], StatusCode.Internal },
        { "a flag that there is not", Frames.Message([], flag: 2), StatusCode.Internal },
        { "no protobuf", Frames.Message([0xFF, 0xFF, 0xFF]), StatusCode.Internal },
        { "a field cut short", Frames.Message([0x0A, 0x7F, 0x41]), StatusCode.Internal },
        { "a tag of nothing", Frames.Message([0x00]), StatusCode.Internal },
        { "larger than any", Frames.Message([], length: int.MaxValue), StatusCode.ResourceExhausted },
        { "larger than can be said", Frames.Message([], length: uint.MaxValue), StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(BrokenMessages))]
    public async Task A_broken_message_is_internal_everywhere(string what, byte[] message, StatusCode expected)
    {
        string[] paths = [Calls.Health, Calls.Cases, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"];
        foreach (var path in paths)
        {
            // A stream of requests may be empty, or have two.
            if (path == paths[^1] && what is "none" or "two of them")
                continue;
            Assert.Equal((what, path, expected, "200"), (what, path, (await CallAsync(Calls.To(path), message)).Status!.Value, (await CallAsync(Calls.To(path), message)).HttpStatus));
        }
    }

    [Fact]
    public async Task A_broken_message_of_an_upload_is_internal_and_no_fault_of_ours()
    {
        var header = new UploadFileRequest { Header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "a.pdf", SizeBytes = 10 } };
        var answer = await CallAsync(Calls.To(Calls.Upload), header.Framed(), Frames.Message([0xFF, 0xFF, 0xFF]));
        Assert.Equal((StatusCode.Internal, ""), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task A_message_may_come_in_frames_of_any_size_with_padding_and_trailers()
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        var stream = connection.NewStream();
        var frames = new Frames().HeadersFrame(stream.Id, Calls.To(Calls.Receipts));
        foreach (var part in new ListReceiptsRequest { PageSize = 7 }.Framed())
            frames.Frame(Frames.Data, Frames.Padded, stream.Id, [3, part, 0, 0, 0]).DataFrame(stream.Id, []);
        await connection.SendAsync(frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, stream.Id, Frames.Block([("checksum", "1")])));
        Assert.Equal(StatusCode.OK, (await stream.Ended).Status);
    }

    [Fact]
    public async Task A_credential_that_is_no_text_is_refused_as_any_other()
    {
        foreach (var key in new[] { "Bearer", "Bearer ,", "Bearer \t x", "Basic Zmlyc3Q=", "Bearer " + new string('x', 6_000) })
            Assert.Equal(StatusCode.Unauthenticated, (await CallAsync(Calls.To(Calls.Cases, ("authorization", key)), Frames.Message([]))).Status);
    }

    [Fact]
    public async Task Headers_that_are_no_text_end_the_connection_not_the_server()
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.CallAsync(Calls.To(Calls.Cases, ("x-text", "\u00ff\u0080")), Check);
        await connection.Ended;
        Assert.Equal(1, connection.GoAwayCode);
        Assert.Equal(StatusCode.OK, (await CallAsync(Calls.To(Calls.Health), Check)).Status);
    }

    private async Task<CallEnd> CallAsync(IReadOnlyList<(string Name, string Value)> fields, params byte[][] parts)
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        return await connection.CallAsync(fields, parts);
    }

    private async Task<(StatusCode?, string)> StatusesAsync(string path, byte[] message)
    {
        var answer = await CallAsync(Calls.To(path), message);
        return (answer.Status, answer.HttpStatus);
    }
}
