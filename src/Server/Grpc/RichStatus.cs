using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Turns a refusal into what goes over the wire: a status, and a google.rpc.Status in grpc-status-details-bin.</summary>
public static class RichStatus
{
    /// <summary>The domain of every error reason.</summary>
    public const string Domain = "singlewindow.bridge";

    // Trailers past this size may be refused by clients (8 KiB by default, base64 included): further problems are counted, not listed.
    private const int MostBytes = 5_000;

    // What a caller sent may stand in an error, but not whole where it is longer than anything that makes sense there.
    private const int MostValueBytes = 400;

    /// <summary>The exception that ends the call.</summary>
    public static RpcException ToRpcException(this BridgeException refusal)
    {
        var texts = ErrorTexts.Of(refusal.Reason);
        var fields = refusal.Fields.ToDictionary(field => field.Key, field => Cut(field.Value));
        var message = Fill(texts.En, fields);
        var (plain, full) = Listed(refusal.Problems);
        var status = new Google.Rpc.Status { Code = (int)texts.Status, Message = Headline(message, full.Problems) };

        // The version of ErrorInfo at hand still calls the reason its type: the same field on the wire.
        var info = new ErrorInfo { Type = WireNames.Of(refusal.Reason), Domain = Domain, Metadata = { fields } };
        status.Details.Add(Any.Pack(new LocalizedMessage { Locale = "zh-CN", Message = Fill(texts.Zh, fields) }));
        status.Details.Add(Any.Pack(new LocalizedMessage { Locale = "en", Message = message }));
        if ((refusal.RetryAfter ?? texts.RetryAfter) is { } delay)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        if (refusal.Problems.Count > 0)
        {
            info.Metadata.Add("listed", full.Problems.Count.ToString(CultureInfo.InvariantCulture));
            status.Details.Add(Any.Pack(plain));
            status.Details.Add(Any.Pack(full));
        }

        status.Details.Insert(0, Any.Pack(info));

        var trailers = new Metadata { { "grpc-status-details-bin", status.ToByteArray() } };
        return new RpcException(new global::Grpc.Core.Status(texts.Status, status.Message), trailers);
    }

    /// <summary>What a refusal says, in both languages, with the first field that is wrong.</summary>
    public static LocalizedText Say(this BridgeException refusal)
    {
        var texts = ErrorTexts.Of(refusal.Reason);
        var fields = refusal.Fields.ToDictionary(field => field.Key, field => Cut(field.Value));
        var said = new LocalizedText { Zh = Fill(texts.Zh, fields), En = Fill(texts.En, fields) };
        if (refusal.Problems is [var first, ..])
        {
            said.Zh += $" {first.Field}：{first.Zh}";
            said.En += $" {first.Field}: {first.En}";
        }

        return said;
    }

    private static (BadRequest Plain, FieldProblems Full) Listed(IReadOnlyList<Problem> problems)
    {
        var plain = new BadRequest();
        var full = new FieldProblems();
        var size = 0;
        foreach (var problem in problems)
        {
            var detail = (problem with { Field = Cut(problem.Field), Zh = Cut(problem.Zh), En = Cut(problem.En) }).ToContract();
            var violation = new BadRequest.Types.FieldViolation { Field = detail.Field, Description = detail.Message.En };
            size += violation.CalculateSize() + detail.CalculateSize() + 8;
            if (size > MostBytes && plain.FieldViolations.Count > 0)
                break;

            plain.FieldViolations.Add(violation);
            full.Problems.Add(detail);
        }

        return (plain, full);
    }

    private static string Headline(string message, RepeatedField<FieldProblem> problems) =>
        problems.Count == 0 ? message : $"{message} {problems[0].Field}: {problems[0].Message.En}";

    private static string Fill(string text, Dictionary<string, string> fields) =>
        fields.Aggregate(text, (filled, field) => filled.Replace($"{{{field.Key}}}", field.Value, StringComparison.Ordinal));

    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MostValueBytes)
            return text;

        var (length, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MostValueBytes)
                break;
            length += rune.Utf16SequenceLength;
        }

        return $"{text[..length]}…";
    }
}
