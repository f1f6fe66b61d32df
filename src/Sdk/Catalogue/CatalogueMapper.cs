using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Between the contract's codes and ours.</summary>
internal static class CatalogueMapper
{
    public static Authority ToModel(this Wire.Authority wire) => new()
    {
        Id = wire.AuthorityId,
        Country = wire.Country?.ToModel(),
        Name = wire.Name.ToText(),
        ProductScope = [.. wire.ProductScope],
        IsSandbox = wire.Sandbox,
    };

    public static Category ToModel(this Wire.Category wire) => new()
    {
        Code = wire.Code,
        Name = wire.Name.ToText(),
        Products = wire.Products.MapAll(product => new Product
        {
            Code = product.Code,
            Name = product.Name.ToText(),
            TemplateId = product.TemplateId,
            InScope = product.InScope,
        }),
        CombinedTemplateId = wire.CombinedTemplateId.NullIfEmpty(),
    };

    public static Country ToModel(this Wire.Country wire) => new(wire.Code, wire.Name.ToText());

    public static EnumValue ToModel(this Wire.EnumValue wire) => new()
    {
        EnumName = wire.EnumName,
        ValueName = wire.ValueName,
        Number = wire.Number,
        Name = wire.Name.ToText(),
    };

    public static TemplateSummary ToModel(this Wire.TemplateSummary wire) => new()
    {
        Id = wire.TemplateId,
        Version = wire.Version,
        Title = wire.Title.ToText(),
        QuestionCount = wire.QuestionCount,
        IsNewest = wire.Newest,
        Products = [.. wire.Products],
    };
}
