using System.Globalization;
using System.Text.RegularExpressions;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Questionnaires;

/// <summary>What is wrong with a value by itself, told after the question or the cell that it stands in.</summary>
internal sealed record ValueFault(FieldProblemCode Code, string Zh, string En);

/// <summary>Checks numbers and dates, of answers and of cells, against what they must keep to.</summary>
internal static partial class ValueLimits
{
    /// <summary>A cell that is neither yes nor no.</summary>
    public static ValueFault NotYesNo { get; } = new(FieldProblemCode.Malformed, "应为true或false", "needs true or false");

    /// <summary>Checks a number; null where it is right.</summary>
    public static ValueFault? Check(string number, NumberLimits? limits)
    {
        if (!NumberPattern().IsMatch(number))
        {
            return new ValueFault(FieldProblemCode.Malformed, "应为十进制数，如1250.5，整数部分最多18位，小数部分最多9位",
                "needs a decimal number such as 1250.5, of at most 18 digits before and 9 after the point");
        }

        if (limits is null)
            return null;
        var value = Parse(number);
        var decimals = number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').Length - number.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        if (limits.HasMaxDecimals && decimals > limits.MaxDecimals)
        {
            return limits.MaxDecimals == 0
                ? new ValueFault(FieldProblemCode.Malformed, "应为整数", "needs a whole number")
                : new ValueFault(FieldProblemCode.Malformed, $"小数部分最多{limits.MaxDecimals}位",
                    $"takes at most {limits.MaxDecimals} digits after the point");
        }

        var outside = (limits.Min.Length > 0 && value < Parse(limits.Min)) || (limits.Max.Length > 0 && value > Parse(limits.Max));
        return !outside ? null : (limits.Min, limits.Max) switch
        {
            ({ Length: > 0 } min, "") => new ValueFault(FieldProblemCode.OutOfRange, $"不能小于{min}", $"must be {min} or more"),
            ("", { Length: > 0 } max) => new ValueFault(FieldProblemCode.OutOfRange, $"不能大于{max}", $"must be {max} or less"),
            var (min, max) => new ValueFault(FieldProblemCode.OutOfRange, $"应在{min}至{max}之间", $"must be from {min} to {max}"),
        };
    }

    /// <summary>Checks a date; null where it is right.</summary>
    public static ValueFault? Check(string date, DateLimits? limits, DateOnly today)
    {
        if (!TryParse(date, out var day))
            return new ValueFault(FieldProblemCode.Malformed, "应为日期，格式为YYYY-MM-DD", "needs a date that exists, as YYYY-MM-DD");
        if (limits is null)
            return null;
        if (TryParse(limits.Earliest, out var earliest) && day < earliest)
            return new ValueFault(FieldProblemCode.OutOfRange, $"不能早于{limits.Earliest}", $"must be {limits.Earliest} or later");
        if (TryParse(limits.Latest, out var latest) && day > latest)
            return new ValueFault(FieldProblemCode.OutOfRange, $"不能晚于{limits.Latest}", $"must be {limits.Latest} or earlier");
        return limits.NotInFuture && day > today
            ? new ValueFault(FieldProblemCode.OutOfRange, "不能是将来的日期", "must not lie in the future")
            : null;
    }

    private static decimal Parse(string number) => decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool TryParse(string date, out DateOnly day) =>
        DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    [GeneratedRegex(@"^[+-]?[0-9]{1,18}(\.[0-9]{1,9})?\z")]
    private static partial Regex NumberPattern();
}
