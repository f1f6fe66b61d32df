using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>Checks messages against the schema that is shipped.</summary>
internal static class SchemaCheck
{
    private static readonly XmlSchemaSet Schemas = ExchangeSchema.Load();

    /// <summary>The envelope and the body in it are valid.</summary>
    public static void Check(byte[] message)
    {
        var envelope = CheckDocument(message);
        CheckDocument(BodyOf(envelope));
    }

    public static byte[] BodyOf(XDocument envelope) =>
        Convert.FromBase64String(envelope.Root!.Element(XName.Get("Body", ExchangeSchema.Namespace))!.Value);

    public static XDocument CheckDocument(byte[] document)
    {
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            Schemas = Schemas,
            ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings,
        };
        settings.ValidationEventHandler += (_, wrong) => throw wrong.Exception;
        using var reader = XmlReader.Create(new MemoryStream(document), settings);
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }
}
