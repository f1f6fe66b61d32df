using System.Globalization;
using System.Text.Json.Serialization;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>A text of the data files in both languages.</summary>
internal sealed record TextEntry(string Zh, string En)
{
    /// <summary>What is wrong with the text; null for nothing.</summary>
    public string? Fault =>
        string.IsNullOrWhiteSpace(Zh) ? "the zh text is missing"
        : string.IsNullOrWhiteSpace(En) ? "the en text is missing"
        : null;

    /// <summary>Gives the text as a message.</summary>
    public LocalizedText ToMessage() => new() { Zh = Zh, En = En };
}

/// <summary>What the files named common*.json hold: the parts' titles and sets of questions that several questionnaires ask.</summary>
/// <param name="Parts">The titles by part id.</param>
/// <param name="Sets">The sets by the name that an include gives.</param>
internal sealed record CommonFile(
    IReadOnlyDictionary<string, TextEntry> Parts, IReadOnlyDictionary<string, IReadOnlyList<QuestionEntry>> Sets);

/// <summary>One questionnaire's file.</summary>
internal sealed record TemplateFile(string TemplateId, int Version, TextEntry Title, IReadOnlyList<PartEntry> Parts);

/// <summary>One part of a questionnaire; its title is the common one.</summary>
internal sealed record PartEntry(string PartId, IReadOnlyList<QuestionEntry> Questions);

/// <summary>A question, or the include of a set of questions and nothing else.</summary>
internal sealed record QuestionEntry
{
    public string? Include { get; init; }

    public string? Id { get; init; }

    public string? Type { get; init; }

    public TextEntry? Text { get; init; }

    public TextEntry? Help { get; init; }

    public bool Required { get; init; }

    public bool FileRequired { get; init; }

    public IReadOnlyList<ChoiceEntry> Choices { get; init; } = [];

    public string? Unit { get; init; }

    public int MaxLength { get; init; }

    public IReadOnlyList<ColumnEntry> Columns { get; init; } = [];

    public ConditionEntry? ShownIf { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public int? MaxDecimals { get; init; }

    public DateOnly? Earliest { get; init; }

    public DateOnly? Latest { get; init; }

    public bool NotInFuture { get; init; }

    public int? MaxRows { get; init; }

    public int? MaxFiles { get; init; }

    public LimitEntry Limits => new(Min, Max, MaxDecimals, Earliest, Latest, NotInFuture);
}

/// <summary>What a number or a date must keep to.</summary>
internal sealed record LimitEntry(decimal? Min, decimal? Max, int? MaxDecimals, DateOnly? Earliest, DateOnly? Latest, bool NotInFuture)
{
    /// <summary>Whether numbers are limited.</summary>
    public bool OfNumbers => Min is not null || Max is not null || MaxDecimals is not null;

    /// <summary>Whether dates are limited.</summary>
    public bool OfDates => Earliest is not null || Latest is not null || NotInFuture;

    /// <summary>The limits of a number as a message; null for none.</summary>
    public NumberLimits? ToNumberLimits()
    {
        if (!OfNumbers)
            return null;
        var limits = new NumberLimits { Min = Write(Min), Max = Write(Max) };
        if (MaxDecimals is { } decimals)
            limits.MaxDecimals = decimals;
        return limits;
    }

    /// <summary>The limits of a date as a message; null for none.</summary>
    public DateLimits? ToDateLimits() => !OfDates ? null : new DateLimits
    {
        Earliest = Earliest?.ToString("O", CultureInfo.InvariantCulture) ?? "",
        Latest = Latest?.ToString("O", CultureInfo.InvariantCulture) ?? "",
        NotInFuture = NotInFuture,
    };

    private static string Write(decimal? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}

/// <summary>One thing that can be chosen.</summary>
internal sealed record ChoiceEntry(string Code, TextEntry Text);

/// <summary>One column of a table.</summary>
internal sealed record ColumnEntry(string Id, TextEntry Title, bool Required = false)
{
    public string? Type { get; init; }

    public string? Unit { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public int? MaxDecimals { get; init; }

    public DateOnly? Earliest { get; init; }

    public DateOnly? Latest { get; init; }

    public bool NotInFuture { get; init; }

    public LimitEntry Limits => new(Min, Max, MaxDecimals, Earliest, Latest, NotInFuture);
}

/// <summary>The answer that another, earlier question must have for a question to be shown.</summary>
internal sealed record ConditionEntry(string QuestionId, [property: JsonPropertyName("equals")] string Answer);
