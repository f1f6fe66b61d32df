using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>Who sends a message to whom, and in which file.</summary>
/// <param name="Sender">The sender's code.</param>
/// <param name="Receivers">The receivers' codes, one at least.</param>
/// <param name="FileName">The name of the file that the message is in; any name where there is none.</param>
public sealed record Routing(string Sender, IReadOnlyList<string> Receivers, string FileName);

/// <summary>The envelope of a message.</summary>
/// <param name="MessageId">36 characters, an upper-case UUID.</param>
/// <param name="Routing">Who sends it to whom.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="MessageType">The name of the body's root element.</param>
public sealed record Envelope(string MessageId, Routing Routing, DateTimeOffset CreatedAt, string MessageType);

/// <summary>A message as it was read.</summary>
/// <param name="Envelope">Its envelope.</param>
/// <param name="Body">A <see cref="Submission"/>, a <see cref="CustomsReceipt"/> or a <see cref="CommunicationReceipt"/>.</param>
/// <param name="Contents">The contents of a submission's files that came inside it, by SHA-256.</param>
public sealed record ExchangeMessage(Envelope Envelope, object Body, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Contents);
