namespace SingleWindowBridge.Interop.Messages;

/// <summary>通讯回执: whether a message of ours was taken at the door; what Customs decides comes in a <see cref="CustomsReceipt"/>.</summary>
/// <param name="MessageId">This receipt's own id: 36 characters, an upper-case UUID.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ResponseCode">0 where the message was taken for good; any other number where it was not.</param>
/// <param name="ResponseMessage">Why it was not taken, fit to be shown to the authority; may be empty with code 0.</param>
/// <param name="ClientSequence">The client's sequence number (客户端序号): counts what the far end took in hand. 0 where it does not count.</param>
/// <param name="AnsweredMessageId">The id of the message that is answered, as it was given, in whatever case of letters.</param>
/// <param name="AnsweredFileName">The name of the file that is answered, with its attempt; empty where there was no file.</param>
public sealed record CommunicationReceipt(
    string MessageId, DateTimeOffset CreatedAt, int ResponseCode, string ResponseMessage, long ClientSequence,
    string AnsweredMessageId, string AnsweredFileName)
{
    /// <summary>Whether the message was taken for good.</summary>
    public bool Taken => ResponseCode == 0;
}
