namespace SingleWindowBridge;

/// <summary>A food category (食品类别) with its specific products.</summary>
public sealed record Category
{
    /// <summary>The code, such as "AQUATIC".</summary>
    public required string Code { get; init; }

    /// <summary>The name.</summary>
    public LocalizedText Name { get; init; } = LocalizedText.Empty;

    /// <summary>The specific products (具体食品类别).</summary>
    public IReadOnlyList<Product> Products { get; init; } = [];

    /// <summary>The questionnaire of an application for several products whose own questionnaires differ; null where they do
    /// not.</summary>
    public string? CombinedTemplateId { get; init; }
}

/// <summary>One version of one questionnaire template, without its questions.</summary>
public sealed record TemplateSummary
{
    /// <summary>The template's id, such as "aquatic".</summary>
    public required string Id { get; init; }

    /// <summary>The version, from 1.</summary>
    public int Version { get; init; }

    /// <summary>The title.</summary>
    public LocalizedText Title { get; init; } = LocalizedText.Empty;

    /// <summary>How many questions it has.</summary>
    public int QuestionCount { get; init; }

    /// <summary>Whether it is the newest version: the one that cases opened from now on get.</summary>
    public bool IsNewest { get; init; }

    /// <summary>The codes of the products whose cases get this template; empty for older versions, and for a template that a
    /// category's products get only together.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];
}

/// <summary>A specific product of a category.</summary>
public sealed record Product
{
    /// <summary>The code, such as "AQUATIC_FARMED".</summary>
    public required string Code { get; init; }

    /// <summary>The name.</summary>
    public LocalizedText Name { get; init; } = LocalizedText.Empty;

    /// <summary>The questionnaire that an application for it gets; "supplementary" where only supplementary material is asked
    /// for.</summary>
    public string TemplateId { get; init; } = "";

    /// <summary>Whether the calling account may apply for it.</summary>
    public bool InScope { get; init; }
}

/// <summary>A country or region.</summary>
/// <param name="Code">ISO 3166-1 alpha-2, such as "AW".</param>
/// <param name="Name">The name.</param>
public sealed record Country(string Code, LocalizedText Name);

/// <summary>One value of one of the contract's enums, with the names that the server gives it.</summary>
public sealed record EnumValue
{
    /// <summary>The enum's name, such as "Stage".</summary>
    public required string EnumName { get; init; }

    /// <summary>The value's name, such as "STAGE_APPLICATION".</summary>
    public required string ValueName { get; init; }

    /// <summary>The value's number; the same as in this library's enum.</summary>
    public int Number { get; init; }

    /// <summary>What a person reads.</summary>
    public LocalizedText Name { get; init; } = LocalizedText.Empty;
}

/// <summary>The calling account: the competent authority (境外主管当局) that its key stands for.</summary>
public sealed record Authority
{
    /// <summary>The account's id.</summary>
    public required string Id { get; init; }

    /// <summary>The country; null where the server does not say.</summary>
    public Country? Country { get; init; }

    /// <summary>The authority's name.</summary>
    public LocalizedText Name { get; init; } = LocalizedText.Empty;

    /// <summary>The codes of the products that it may apply for (食品管理范围).</summary>
    public IReadOnlyList<string> ProductScope { get; init; } = [];

    /// <summary>Whether this is a sandbox account, whose cases are answered by a simulated Customs.</summary>
    public bool IsSandbox { get; init; }
}
