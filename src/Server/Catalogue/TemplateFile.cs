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
}

/// <summary>One thing that can be chosen.</summary>
internal sealed record ChoiceEntry(string Code, TextEntry Text);

/// <summary>One column of a table.</summary>
internal sealed record ColumnEntry(string Id, TextEntry Title, bool Required = false);

/// <summary>The answer that another, earlier question must have for a question to be shown.</summary>
internal sealed record ConditionEntry(string QuestionId, [property: JsonPropertyName("equals")] string Answer);
