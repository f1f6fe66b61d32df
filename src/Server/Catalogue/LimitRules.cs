using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Questionnaires;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>Checks the limits that a questionnaire's file sets for answers: each where it has a use, and one that can be kept.</summary>
internal static class LimitRules
{
    /// <summary>Checks a question's limits.</summary>
    public static void Check(QuestionEntry entry, QuestionType type, Action<bool, string> must)
    {
        must(entry.Unit is null || type == QuestionType.Number, "unit has no use here");
        must(entry.MaxRows is null || type == QuestionType.Table, "max_rows has no use here");
        must(entry.MaxRows is null or (>= 1 and <= AnswerRules.MaxRows), $"max_rows must be from 1 to {AnswerRules.MaxRows}");
        must(entry.MaxFiles is null or (>= 1 and <= AnswerRules.MaxFiles), $"max_files must be from 1 to {AnswerRules.MaxFiles}");
        Check(entry.Limits, type, must);
    }

    /// <summary>Checks a column's limits.</summary>
    public static void Check(ColumnEntry entry, QuestionType type, Action<bool, string> must)
    {
        must(entry.Unit is null || type == QuestionType.Number, "unit has no use here");
        Check(entry.Limits, type, must);
    }

    private static void Check(LimitEntry limits, QuestionType type, Action<bool, string> must)
    {
        must(!limits.OfNumbers || type == QuestionType.Number, "min, max and max_decimals have no use here");
        must(!limits.OfDates || type == QuestionType.Date, "earliest, latest and not_in_future have no use here");
        must(limits.Min is null || limits.Max is null || limits.Min <= limits.Max, "min is more than max");
        must(limits.MaxDecimals is null or (>= 0 and <= 9), "max_decimals must be from 0 to 9");
        must(limits.Earliest is null || limits.Latest is null || limits.Earliest <= limits.Latest, "earliest is after latest");
    }
}
