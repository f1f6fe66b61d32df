namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>Tests that measure time: no other runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Measured
{
    public const string Name = "measured";
}
