using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>How the documents of the simulated Customs are written.</summary>
internal static class SandboxJson
{
    /// <summary>The name under which each act is stored. A name is never changed: stored documents hold it.</summary>
    private static readonly (Type Type, string Name)[] Acts =
    [
        (typeof(Received), "received"),
        (typeof(ReceiveFailed), "receive_failed"),
        (typeof(Accept), "accept"),
        (typeof(NotAccept), "not_accept"),
        (typeof(RequireCorrection), "require_correction"),
        (typeof(Approve), "approve"),
        (typeof(ApproveAssessment), "approve_assessment"),
        (typeof(OpenQuestionnaire), "open_questionnaire"),
        (typeof(RequireRectification), "require_rectification"),
        (typeof(OpenRound), "open_round"),
        (typeof(CompleteNegotiation), "complete_negotiation"),
        (typeof(PublishProtocol), "publish_protocol"),
        (typeof(PublishAnnouncement), "publish_announcement"),
        (typeof(ConfirmCertificate), "confirm_certificate"),
        (typeof(Close), "close"),
        (typeof(Reject), "reject"),
    ];

    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowOutOfOrderMetadataProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameActs, LeaveOutFiles } },
    };

    private static void NameActs(JsonTypeInfo info)
    {
        if (info.Type != typeof(CustomsAct)) return;
        info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "act" };
        foreach (var (type, name) in Acts) info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type, name));
    }

    private static void LeaveOutFiles(JsonTypeInfo info)
    {
        if (!typeof(CustomsAct).IsAssignableFrom(info.Type)) return;
        foreach (var property in info.Properties.Where(p => p.PropertyType == typeof(IReadOnlyList<CustomsFile>)))
            property.ShouldSerialize = (_, _) => false;
    }
}
