namespace SingleWindowBridge.Interop.Xml;

/// <summary>What is wrong with a message.</summary>
public enum MessageFault
{
    /// <summary>It has more bytes than a message may have.</summary>
    TooLarge = 1,

    /// <summary>It is in an encoding that is not taken, or its bytes are not what its encoding says.</summary>
    Encoding = 2,

    /// <summary>It is not well-formed XML.</summary>
    NotXml = 3,

    /// <summary>It holds a document type, which is never read.</summary>
    DocumentType = 4,

    /// <summary>It passes a limit of depth, elements, attributes, names or text.</summary>
    Limit = 5,

    /// <summary>It is in a version of the format that this side does not know.</summary>
    UnknownVersion = 6,

    /// <summary>Its message type is not known.</summary>
    UnknownType = 7,

    /// <summary>Something stands where the format has nothing, or something else.</summary>
    Unexpected = 8,

    /// <summary>Something that the format asks for is not there.</summary>
    Missing = 9,

    /// <summary>A value is not as the format asks.</summary>
    Value = 10,

    /// <summary>A file that travels beside the message is not there.</summary>
    FileMissing = 11,

    /// <summary>A file is not what the message says of it: another size or another SHA-256.</summary>
    FileMismatch = 12,
}

/// <summary>A message cannot be read. This is the only exception that the content of a message can cause.</summary>
public sealed class MessageFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="message">What is wrong, in words for an operator.</param>
    /// <param name="line">The line in the document, from 1; 0 where there is none to name.</param>
    /// <param name="column">The column in the line, from 1; 0 where there is none to name.</param>
    /// <param name="inner">The cause, if any.</param>
    public MessageFormatException(MessageFault fault, string message, int line = 0, int column = 0, Exception? inner = null)
        : base(line > 0 ? $"{message} (line {line}, column {column})" : message, inner)
    {
        Fault = fault;
        Line = line;
        Column = column;
    }

    /// <summary>What is wrong.</summary>
    public MessageFault Fault { get; }

    /// <summary>The line, from 1, in the message or, for what is wrong in a body, in the decoded body; 0 where there is none to name.</summary>
    public int Line { get; }

    /// <summary>The column in the line, from 1; 0 where there is none to name.</summary>
    public int Column { get; }
}
