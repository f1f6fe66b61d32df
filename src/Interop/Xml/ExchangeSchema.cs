using System.Xml;
using System.Xml.Schema;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>The XML schema of the exchange, as it is shipped.</summary>
public static class ExchangeSchema
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>The namespace of every element; its last part is the version.</summary>
    public const string Namespace = "urn:singlewindow-bridge:customs-exchange:1";

    /// <summary>How the namespaces of all versions begin.</summary>
    internal const string NamespaceFamily = "urn:singlewindow-bridge:customs-exchange:";

    /// <summary>The schema's text, in UTF-8.</summary>
    public static Stream Open() =>
        typeof(ExchangeSchema).Assembly.GetManifestResourceStream("customs-exchange-1.xsd")
        ?? throw new InvalidOperationException("The schema is not in the assembly.");

    /// <summary>The schema, ready to check documents with.</summary>
    public static XmlSchemaSet Load()
    {
        var schemas = new XmlSchemaSet { XmlResolver = null };
        using var stream = Open();
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        schemas.Add(Namespace, reader);
        schemas.Compile();
        return schemas;
    }
}
