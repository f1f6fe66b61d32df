using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>How the documents of the simulated Customs are written.</summary>
internal static class SandboxJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowOutOfOrderMetadataProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutFiles } },
    };

    private static void LeaveOutFiles(JsonTypeInfo info)
    {
        if (!typeof(CustomsAct).IsAssignableFrom(info.Type)) return;
        foreach (var property in info.Properties.Where(p => p.PropertyType == typeof(IReadOnlyList<CustomsFile>)))
            property.ShouldSerialize = (_, _) => false;
    }
}
