using System.Text.RegularExpressions;
using SingleWindowBridge;

namespace BackOffice;

/// <summary>How things are put into words.</summary>
public static partial class Wording
{
    /// <summary>The code of a stage or status, such as CORRECTION_REQUIRED, for what programs read.</summary>
    public static string Code<T>(this T value)
        where T : struct, Enum => InnerCapital().Replace(value.ToString(), "_").ToUpperInvariant();

    /// <summary>What a receipt says beside stage and status: Customs' opinion, a reason, or what was done where neither of the
    /// two changed.</summary>
    public static string? Words(this Receipt receipt) =>
        receipt.Opinion ?? receipt.FailureReason ?? (receipt.Event == CaseEvent.SubmitSignatories
            ? $"{receipt.Event.Name().Zh}\n{receipt.Event.Name().En}"
            : null);

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex InnerCapital();
}
