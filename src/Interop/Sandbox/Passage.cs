using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>
/// The way between the bridge and the simulated Customs: what passes is written as a message and read again, so that the sandbox
/// says nothing that the other channels could not.
/// </summary>
internal static class Passage
{
    private static readonly Routing ToCustoms = new("BRIDGE", ["SANDBOX"], "");
    private static readonly Routing FromCustoms = new("SANDBOX", ["BRIDGE"], "");

    /// <summary>The submission as Customs reads it.</summary>
    /// <exception cref="MessageFormatException">It breaks the format.</exception>
    public static Submission Through(Submission submission) => (Submission)Pass(submission, ToCustoms, null);

    /// <summary>The receipt as the bridge reads it.</summary>
    /// <exception cref="MessageFormatException">It breaks the format.</exception>
    public static CustomsReceipt Through(CustomsReceipt receipt) =>
        (CustomsReceipt)Pass(receipt, FromCustoms, MessageXml.ContentsOf(receipt.Act));

    private static object Pass(object body, Routing routing, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? inside)
    {
        using var message = new MemoryStream();
        MessageXml.Write(message, body, routing, inside);
        message.Position = 0;
        return MessageXml.Read(message).Body;
    }
}
