using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.Reflection;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>
/// The codes of the contract with their names: food categories, specific products, countries, enum values. Loaded once.
/// Its messages are shared by all callers: clone one before changing it.
/// </summary>
public sealed class FoodCatalogue
{
    private static readonly FileDescriptor[] ContractFiles =
    [
        CaseReflection.Descriptor, ErrorDetailsReflection.Descriptor, ErrorReasonReflection.Descriptor, FileReflection.Descriptor,
        NegotiationReflection.Descriptor, QuestionnaireReflection.Descriptor, ReviewReflection.Descriptor,
    ];

    private readonly Dictionary<string, Category> categories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Category Category, Product Product)> products = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Country> countries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<EnumValue>> enums = new(StringComparer.Ordinal);

    /// <summary>Loads the catalogue.</summary>
    /// <param name="templates">The questionnaires that the products may name.</param>
    /// <param name="folder">A folder whose categories.json, countries.json and enum-names.json replace those built in; null for none.</param>
    /// <exception cref="InvalidDataException">The data is wrong; the message lists all that is.</exception>
    public FoodCatalogue(QuestionnaireTemplates templates, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(templates);
        var files = new DataFiles(folder);
        var faults = new List<string>();
        Categories = LoadCategories(files, templates, faults);
        Countries = LoadCountries(files, faults);
        EnumValues = LoadEnumValues(files, faults);
        if (faults.Count > 0)
            throw new InvalidDataException("The catalogue's data is wrong:\n" + string.Join('\n', faults));
    }

    /// <summary>The food categories in the order of the Single Window's form.</summary>
    public IReadOnlyList<Category> Categories { get; }

    /// <summary>The countries and regions of ISO 3166-1 by code.</summary>
    public IReadOnlyList<Country> Countries { get; }

    /// <summary>The values of the contract's enums by enum and number.</summary>
    public IReadOnlyList<EnumValue> EnumValues { get; }

    /// <summary>Finds a category by code.</summary>
    public bool TryGetCategory(string code, [NotNullWhen(true)] out Category? category) => categories.TryGetValue(code, out category);

    /// <summary>Finds a specific product, and its category, by code.</summary>
    public bool TryGetProduct(string code, [NotNullWhen(true)] out Product? product, [NotNullWhen(true)] out Category? category)
    {
        var found = products.TryGetValue(code, out var entry);
        (product, category) = (entry.Product, entry.Category);
        return found;
    }

    /// <summary>Finds a country by code.</summary>
    public bool TryGetCountry(string code, [NotNullWhen(true)] out Country? country) => countries.TryGetValue(code, out country);

    /// <summary>Finds one enum's values by its name, such as <c>Stage</c>.</summary>
    public bool TryGetEnumValues(string enumName, [NotNullWhen(true)] out IReadOnlyList<EnumValue>? values) =>
        enums.TryGetValue(enumName, out values);

    /// <summary>
    /// Gives the ids of the questionnaires that an application for these products gets, each once, in the order of the products.
    /// More than one only where products of different questionnaires are applied for together (milled grain with malt).
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such product.</exception>
    public IReadOnlyList<string> TemplatesOf(IEnumerable<string> productCodes)
    {
        ArgumentNullException.ThrowIfNull(productCodes);
        return [.. productCodes.Select(code => products[code].Product.TemplateId).Distinct(StringComparer.Ordinal)];
    }

    private List<Category> LoadCategories(DataFiles files, QuestionnaireTemplates templates, List<string> faults)
    {
        var list = new List<Category>();
        foreach (var entry in files.Read<CategoriesFile>("categories.json").Categories)
        {
            var category = new Category { Code = entry.Code, Name = entry.Name.ToMessage() };
            CheckName($"category {entry.Code}", entry.Name, faults);
            if (!categories.TryAdd(entry.Code, category))
                faults.Add($"category {entry.Code}: is there twice");
            if (entry.Products.Count == 0)
                faults.Add($"category {entry.Code}: has no products");
            foreach (var item in entry.Products)
            {
                var product = new Product { Code = item.Code, Name = item.Name.ToMessage(), TemplateId = item.TemplateId };
                CheckName($"product {item.Code}", item.Name, faults);
                if (!products.TryAdd(item.Code, (category, product)))
                    faults.Add($"product {item.Code}: is there twice");
                if (!templates.TryGet(item.TemplateId, 0, out _))
                    faults.Add($"product {item.Code}: there is no questionnaire {item.TemplateId}");
                category.Products.Add(product);
            }

            list.Add(category);
        }

        return list;
    }

    private List<Country> LoadCountries(DataFiles files, List<string> faults)
    {
        foreach (var entry in files.Read<CountriesFile>("countries.json").Countries)
        {
            CheckName($"country {entry.Code}", entry.Name, faults);
            if (!countries.TryAdd(entry.Code, new Country { Code = entry.Code, Name = entry.Name.ToMessage() }))
                faults.Add($"country {entry.Code}: is there twice");
        }

        return [.. countries.Values.OrderBy(country => country.Code, StringComparer.Ordinal)];
    }

    private List<EnumValue> LoadEnumValues(DataFiles files, List<string> faults)
    {
        var names = files.Read<Dictionary<string, Dictionary<string, TextEntry>>>("enum-names.json");
        var descriptors = ContractFiles.SelectMany(file => file.EnumTypes).OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        foreach (var type in descriptors)
        {
            var ofType = names.GetValueOrDefault(type.Name) ?? [];
            var values = new List<EnumValue>();
            foreach (var value in type.Values.OrderBy(value => value.Number))
            {
                if (!ofType.TryGetValue(value.Name, out var name))
                {
                    faults.Add($"{type.Name}.{value.Name}: has no name");
                    continue;
                }

                CheckName($"{type.Name}.{value.Name}", name, faults);
                values.Add(new EnumValue { EnumName = type.Name, ValueName = value.Name, Number = value.Number, Name = name.ToMessage() });
            }

            foreach (var unknown in ofType.Keys.Except(type.Values.Select(value => value.Name)))
                faults.Add($"{type.Name}.{unknown}: the contract has no such value");
            enums.Add(type.Name, values);
        }

        foreach (var unknown in names.Keys.Except(descriptors.Select(type => type.Name)))
            faults.Add($"{unknown}: the contract has no such enum");
        return [.. descriptors.SelectMany(type => enums[type.Name])];
    }

    private static void CheckName(string what, TextEntry name, List<string> faults)
    {
        if (name.Fault is { } fault)
            faults.Add($"{what}: {fault}");
    }

    private sealed record CategoriesFile(IReadOnlyList<CategoryEntry> Categories);

    private sealed record CategoryEntry(string Code, TextEntry Name, IReadOnlyList<ProductEntry> Products);

    private sealed record ProductEntry(string Code, TextEntry Name, string TemplateId);

    private sealed record CountriesFile(IReadOnlyList<CountryEntry> Countries);

    private sealed record CountryEntry(string Code, TextEntry Name);
}
