using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>Reads downloads to their end.</summary>
public static class Downloads
{
    /// <summary>The bytes that a download gives after its description, which must be this one.</summary>
    public static async Task<ByteString> ReadAsync(AsyncServerStreamingCall<DownloadFileResponse> call, StoredFile described)
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(described, call.ResponseStream.Current.File);
        using var content = new MemoryStream();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            Assert.NotEmpty(call.ResponseStream.Current.Chunk);
            call.ResponseStream.Current.Chunk.WriteTo(content);
        }

        return ByteString.CopyFrom(content.ToArray());
    }
}
