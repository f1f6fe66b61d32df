using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Between the contract's application forms and ours.</summary>
internal static class ApplicationMapper
{
    public static Application ToModel(this Wire.Application wire) => new()
    {
        Category = wire.Category.NullIfEmpty(),
        Products = [.. wire.Products],
        Contact = wire.Contact?.ToModel(),
        Summary = wire.Summary.NullIfEmpty(),
        FileIds = [.. wire.FileIds],
    };

    public static Contact ToModel(this Wire.Contact wire) => new()
    {
        Department = wire.Department,
        Name = wire.Name,
        Position = wire.Position,
        Phone = wire.Phone is { } phone ? new PhoneNumber(phone.CountryCode, phone.Number, phone.AreaCode) : null,
        Email = wire.Email,
    };

    public static ApplicationForm ToModel(this Wire.GetApplicationResponse wire) => new()
    {
        Case = wire.Case.OrNone(),
        Application = wire.Application?.ToModel() ?? new Application(),
        Files = wire.Files.MapAll(FileMapper.ToModel),
    };

    public static Wire.Application ToWire(this Application model) => new()
    {
        Category = model.Category ?? "",
        Products = { model.Products },
        Contact = model.Contact?.ToWire(),
        Summary = model.Summary ?? "",
        FileIds = { model.FileIds },
    };

    public static Wire.Contact ToWire(this Contact model) => new()
    {
        Department = model.Department,
        Name = model.Name,
        Position = model.Position,
        Phone = model.Phone is { } phone
            ? new Wire.PhoneNumber { CountryCode = phone.CountryCode, AreaCode = phone.AreaCode, Number = phone.Number }
            : null,
        Email = model.Email,
    };
}
