namespace SingleWindowBridge;

/// <summary>The application form (评估审查申请). Country and authority come from the account. A draft may leave parts out.</summary>
public sealed record Application
{
    /// <summary>The food category's code, within the account's scope; <see cref="ICatalogue.ListCategoriesAsync"/> names them.
    /// Required to submit.</summary>
    public string? Category { get; init; }

    /// <summary>The codes of one or more specific products of that category, within the account's scope. Required to
    /// submit.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];

    /// <summary>Whom Customs may ask. Required to submit, every part of it but the area code.</summary>
    public Contact? Contact { get; init; }

    /// <summary>What is to be exported, naming the products in Chinese, English or Latin: at most 2,048 characters. Required to
    /// submit.</summary>
    public string? Summary { get; init; }

    /// <summary>The formal application scanned, with the official seal or the signature of the person in charge: 1 to 20 ids of
    /// uploaded files. Required to submit.</summary>
    public IReadOnlyList<string> FileIds { get; init; } = [];
}

/// <summary>The person at the authority whom China Customs may ask about a case; in a review also the person at Customs.</summary>
public sealed record Contact
{
    /// <summary>The department (具体部门): at most 200 characters.</summary>
    public string Department { get; init; } = "";

    /// <summary>The contact person's name (联系人): at most 100 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>The contact's position (联系人职务): at most 100 characters.</summary>
    public string Position { get; init; } = "";

    /// <summary>The contact's phone (联系人电话).</summary>
    public PhoneNumber? Phone { get; init; }

    /// <summary>The contact's e-mail address (联系人邮箱): at most 254 characters.</summary>
    public string Email { get; init; } = "";
}

/// <summary>A phone number in its three parts, digits only.</summary>
/// <param name="CountryCode">The international country code without "+": 1 to 3 digits, not starting with 0.</param>
/// <param name="Number">The subscriber's number: 3 to 14 digits; spaces and hyphens between digits are let through.</param>
/// <param name="AreaCode">The area code, where the country has them: at most 6 digits.</param>
public sealed record PhoneNumber(string CountryCode, string Number, string AreaCode = "");

/// <summary>The application form of one case.</summary>
public sealed record ApplicationForm
{
    /// <summary>The case.</summary>
    public required Case Case { get; init; }

    /// <summary>The form as last saved or submitted.</summary>
    public required Application Application { get; init; }

    /// <summary>The files that it names.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];
}
