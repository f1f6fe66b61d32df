using Google.Rpc;
using Grpc.Core;

namespace SingleWindowBridge.Server.Tests.Wire.Http2;

/// <summary>How a call ended, as it stands on the wire.</summary>
/// <param name="Fields">The headers and trailers.</param>
/// <param name="Body">The bytes of the body.</param>
/// <param name="ResetCode">The code of the reset that ended it; null where it ended in order.</param>
public sealed record CallEnd(IReadOnlyDictionary<string, string> Fields, byte[] Body, int? ResetCode)
{
    public string HttpStatus => Fields.GetValueOrDefault(":status", "");

    /// <summary>The gRPC status; null where none was sent.</summary>
    public StatusCode? Status => Fields.TryGetValue("grpc-status", out var code) ? (StatusCode)int.Parse(code) : null;

    /// <summary>The reason in the status details; empty where there are none.</summary>
    public string Reason
    {
        get
        {
            if (!Fields.TryGetValue("grpc-status-details-bin", out var text))
                return "";

            var bytes = Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
            return Google.Rpc.Status.Parser.ParseFrom(bytes).Details[0].Unpack<ErrorInfo>().Type;
        }
    }

    public override string ToString() => ResetCode is { } code
        ? $"reset {code} ({string.Join(", ", Fields)})"
        : $"{HttpStatus} {Status} {Reason} {Uri.UnescapeDataString(Fields.GetValueOrDefault("grpc-message", ""))}";
}
