using Google.Protobuf.Reflection;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>What the catalogue holds, as it was at one moment, with the questionnaires that it names.</summary>
internal sealed class CatalogueContent
{
    private static readonly FileDescriptor[] ContractFiles =
    [
        CaseReflection.Descriptor, ErrorDetailsReflection.Descriptor, ErrorReasonReflection.Descriptor, FileReflection.Descriptor,
        NegotiationReflection.Descriptor, QuestionnaireReflection.Descriptor, ReviewReflection.Descriptor,
    ];

    private CatalogueContent(TemplateSet templates) => Templates = templates;

    public TemplateSet Templates { get; }

    public List<Category> Categories { get; } = [];

    public List<Country> Countries { get; } = [];

    public List<EnumValue> EnumValues { get; } = [];

    public Dictionary<string, Category> CategoriesByCode { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (Category Category, Product Product)> Products { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Country> CountriesByCode { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, IReadOnlyList<EnumValue>> Enums { get; } = new(StringComparer.Ordinal);

    /// <summary>Loads the catalogue; what is wrong with it goes to the faults.</summary>
    public static CatalogueContent Load(DataFiles files, TemplateSet templates, List<string> faults)
    {
        var content = new CatalogueContent(templates);
        content.LoadCategories(files, faults);
        content.LoadCountries(files, faults);
        content.LoadEnumValues(files, faults);
        return content;
    }

    private static void CheckName(string what, TextEntry name, List<string> faults)
    {
        if (name.Fault is { } fault)
            faults.Add($"{what}: {fault}");
    }

    private void LoadCategories(DataFiles files, List<string> faults)
    {
        if (!files.TryRead<CategoriesFile>("categories.json", out var file, out var source))
            return;
        for (var i = 0; i < file.Categories.Count; i++)
        {
            var entry = file.Categories[i];
            var where = $"{source}: categories[{i}]: category {entry.Code}";
            var category = new Category
            {
                Code = entry.Code, Name = entry.Name.ToMessage(), CombinedTemplateId = entry.CombinedTemplateId ?? "",
            };
            CheckName(where, entry.Name, faults);
            if (!CategoriesByCode.TryAdd(entry.Code, category))
                faults.Add($"{where}: is there twice");
            if (entry.Products.Count == 0)
                faults.Add($"{where}: has no products");
            for (var j = 0; j < entry.Products.Count; j++)
                AddProduct(category, entry.Products[j], $"{source}: categories[{i}].products[{j}]: product {entry.Products[j].Code}", faults);
            CheckCombined(category, where, faults);
            Categories.Add(category);
        }
    }

    private void AddProduct(Category category, ProductEntry entry, string where, List<string> faults)
    {
        var product = new Product { Code = entry.Code, Name = entry.Name.ToMessage(), TemplateId = entry.TemplateId };
        CheckName(where, entry.Name, faults);
        if (!Products.TryAdd(entry.Code, (category, product)))
            faults.Add($"{where}: is there twice");
        if (!Templates.TryGet(entry.TemplateId, 0, out _))
            faults.Add($"{where}: there is no questionnaire {entry.TemplateId}");
        category.Products.Add(product);
    }

    // One case gets one questionnaire: where products call for different ones, it must be said which.
    private void CheckCombined(Category category, string where, List<string> faults)
    {
        var several = category.Products.DistinctBy(product => product.TemplateId).Count() > 1;
        if (several && category.CombinedTemplateId.Length == 0)
            faults.Add($"{where}: its products have different questionnaires; combined_template_id must say which one they get together");
        if (category.CombinedTemplateId.Length > 0 && !Templates.TryGet(category.CombinedTemplateId, 0, out _))
            faults.Add($"{where}: there is no questionnaire {category.CombinedTemplateId}");
    }

    private void LoadCountries(DataFiles files, List<string> faults)
    {
        if (!files.TryRead<CountriesFile>("countries.json", out var file, out var source))
            return;
        for (var i = 0; i < file.Countries.Count; i++)
        {
            var entry = file.Countries[i];
            var where = $"{source}: countries[{i}]: country {entry.Code}";
            CheckName(where, entry.Name, faults);
            if (!CountriesByCode.TryAdd(entry.Code, new Country { Code = entry.Code, Name = entry.Name.ToMessage() }))
                faults.Add($"{where}: is there twice");
        }

        Countries.AddRange(CountriesByCode.Values.OrderBy(country => country.Code, StringComparer.Ordinal));
    }

    private void LoadEnumValues(DataFiles files, List<string> faults)
    {
        if (!files.TryRead<Dictionary<string, Dictionary<string, TextEntry>>>("enum-names.json", out var names, out var source))
            return;
        var descriptors = ContractFiles.SelectMany(file => file.EnumTypes).OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        foreach (var type in descriptors)
        {
            var ofType = names.GetValueOrDefault(type.Name) ?? [];
            var values = new List<EnumValue>();
            foreach (var value in type.Values.OrderBy(value => value.Number))
            {
                if (!ofType.TryGetValue(value.Name, out var name))
                {
                    faults.Add($"{source}: {type.Name}.{value.Name}: has no name");
                    continue;
                }

                CheckName($"{source}: {type.Name}.{value.Name}", name, faults);
                values.Add(new EnumValue { EnumName = type.Name, ValueName = value.Name, Number = value.Number, Name = name.ToMessage() });
            }

            foreach (var unknown in ofType.Keys.Except(type.Values.Select(value => value.Name)))
                faults.Add($"{source}: {type.Name}.{unknown}: the contract has no such value");
            Enums.Add(type.Name, values);
        }

        foreach (var unknown in names.Keys.Except(descriptors.Select(type => type.Name)))
            faults.Add($"{source}: {unknown}: the contract has no such enum");
        EnumValues.AddRange(descriptors.SelectMany(type => Enums[type.Name]));
    }

    private sealed record CategoriesFile(IReadOnlyList<CategoryEntry> Categories);

    private sealed record CategoryEntry(
        string Code, TextEntry Name, IReadOnlyList<ProductEntry> Products, string? CombinedTemplateId = null);

    private sealed record ProductEntry(string Code, TextEntry Name, string TemplateId);

    private sealed record CountriesFile(IReadOnlyList<CountryEntry> Countries);

    private sealed record CountryEntry(string Code, TextEntry Name);
}
