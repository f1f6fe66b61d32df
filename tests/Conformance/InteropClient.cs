using Grpc.Core;
using Grpc.Net.Client;

namespace SingleWindowBridge.Conformance;

/// <summary>The client of the public interoperability cases.</summary>
internal static class InteropClient
{
    /// <summary>Runs cases, each over a channel of its own; 0 when all went well.</summary>
    public static async Task<int> RunAsync(string address, IEnumerable<string> names)
    {
        var failed = 0;
        foreach (var name in names)
        {
            var outcome = "ok";
            try
            {
                using var channel = GrpcChannel.ForAddress(address);
                await Cases.ByName[name](channel).WaitAsync(TimeSpan.FromSeconds(15));
            }
            catch (Exception failure) when (failure is RpcException or UnexpectedException or TimeoutException or KeyNotFoundException)
            {
                outcome = failure.Message.ReplaceLineEndings(" ");
                failed++;
            }

            Console.WriteLine($"{name}\t{outcome}");
        }

        return failed == 0 ? 0 : 1;
    }
}

/// <summary>The other side answered, but not as the case says.</summary>
internal sealed class UnexpectedException(string message) : Exception(message);
