using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>Makes messages of Customs.</summary>
public static class Said
{
    /// <summary>A new message on a case.</summary>
    public static CustomsReceipt Of(string caseNumber, CustomsAct act, int sequence = 0) =>
        new(Guid.NewGuid().ToString().ToUpperInvariant(), DateTimeOffset.UtcNow, caseNumber, act) { Sequence = sequence };
}
