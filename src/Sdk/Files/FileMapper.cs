using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Between the contract's files and ours.</summary>
internal static class FileMapper
{
    public static StoredFile ToModel(this Wire.StoredFile wire) => new()
    {
        Id = wire.FileId,
        Name = wire.Name,
        MediaType = wire.MediaType,
        SizeBytes = wire.SizeBytes,
        Sha256 = wire.Sha256,
        Origin = (FileOrigin)wire.Origin,
        CreateTime = wire.CreateTime.ToTime(),
    };
}
