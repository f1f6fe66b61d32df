using System.Xml;
using SingleWindow.Bridge.V1;
using Duration = Google.Protobuf.WellKnownTypes.Duration;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Collects all that is wrong with a request, so that it is told at once.</summary>
public sealed class FieldRules
{
    private readonly List<Problem> problems = [];

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Problem> Problems => problems;

    /// <summary>Whether something is wrong.</summary>
    public bool Any => problems.Count > 0;

    /// <summary>Adds a problem.</summary>
    public void Add(string field, FieldProblemCode code, string zh, string en) => problems.Add(new Problem(field, code, zh, en));

    /// <summary>Adds problems found elsewhere.</summary>
    public void AddRange(IEnumerable<Problem> found) => problems.AddRange(found);

    /// <summary>A field that must be there.</summary>
    public bool Required(string field, bool present)
    {
        if (!present)
            Add(field, FieldProblemCode.Required, "必填。", "This field is required.");
        return present;
    }

    /// <summary>Whether a text goes into XML, and so to Customs: it holds no control characters but tabs and line ends.</summary>
    public static bool FitsXml(string text) => text.All(character => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character));

    /// <summary>A text of at most so many characters (Unicode code points), which must be there if required.</summary>
    /// <returns>Whether there is a text to look at further.</returns>
    public bool Text(string field, string value, int most, bool required)
    {
        if (!FitsXml(value))
            Add(field, FieldProblemCode.Malformed, "含有不可用的控制字符。", "Holds control characters; take them out.");
        if (string.IsNullOrWhiteSpace(value))
        {
            if (required)
                Required(field, false);
            return false;
        }

        var length = value.Length > most ? value.EnumerateRunes().Count() : value.Length;
        if (length > most)
        {
            Add(
                field, FieldProblemCode.TooLong,
                $"最多 {most} 个字符，现有 {length} 个。",
                $"At most {most} characters; there are {length}.");
        }

        return true;
    }

    /// <summary>A list of at most so many.</summary>
    public void Count(string field, int count, int most)
    {
        if (count > most)
            Add(field, FieldProblemCode.TooMany, $"最多 {most} 项，现有 {count} 项。", $"At most {most}; there are {count}.");
    }

    /// <summary>A number within bounds.</summary>
    public void Range(string field, long value, long least, long most)
    {
        if (value < least || value > most)
            Add(field, FieldProblemCode.OutOfRange, $"应在 {least} 至 {most} 之间。", $"Must be from {least} to {most}.");
    }

    /// <summary>A point in time that there is, if one is given: messages may hold any numbers.</summary>
    public void Time(string field, Timestamp? value)
    {
        if (value is not null && (value.Nanos is < 0 or >= 1_000_000_000 || value.Seconds is < -62_135_596_800 or > 253_402_300_799))
            Add(field, FieldProblemCode.Malformed, "应为 0001 年至 9999 年之间的时间。", "Must be a time from the year 0001 to 9999.");
    }

    /// <summary>A number of seconds within bounds, with a fraction or not.</summary>
    public void Range(string field, Duration value, long least, long most)
    {
        var right = value.Nanos is >= 0 and < 1_000_000_000 && value.Seconds >= least
            && (value.Seconds < most || (value.Seconds == most && value.Nanos == 0));
        if (!right)
            Add(field, FieldProblemCode.OutOfRange, $"应在 {least} 至 {most} 秒之间。", $"Must be from {least} to {most} seconds.");
    }

    /// <summary>An enum value that the contract has; UNSPECIFIED only where it may be left out.</summary>
    public void Enum<TEnum>(string field, TEnum value, bool required = false)
        where TEnum : struct, Enum
    {
        if (WireNames.IsKnown(value))
            return;

        if (!EqualityComparer<TEnum>.Default.Equals(value, default))
            Add(field, FieldProblemCode.UnknownValue, $"没有取值 {value:D}。", $"There is no value {value:D} of {typeof(TEnum).Name}.");
        else if (required)
            Required(field, false);
    }

    /// <summary>A UUID that must be there.</summary>
    public void RequestId(string value, string field = "request_id")
    {
        if (Required(field, value.Length > 0) && !Guid.TryParseExact(value, "D", out _))
        {
            Add(
                field, FieldProblemCode.Malformed,
                "应为 UUID，例如 6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a11。",
                "Must be a UUID, such as 6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a11.");
        }
    }

    /// <summary>Refuses the call if something is wrong.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID with every problem.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw new BridgeException(problems);
    }
}
