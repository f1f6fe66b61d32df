using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Negotiations;

/// <summary>NegotiationService: an RPC a file.</summary>
public sealed partial class NegotiationEndpoints(IBridgeDatabase database, CaseWriter writer) : NegotiationService.NegotiationServiceBase
{
    /// <summary>The stage in which a topic is negotiated.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID: no topic, or one that the contract does not have.</exception>
    private static Stage StageOf(NegotiationTopic topic)
    {
        var rules = new FieldRules();
        rules.Enum("topic", topic, required: true);
        rules.ThrowIfAny();
        return topic == NegotiationTopic.Protocol ? Stage.ProtocolNegotiation : Stage.CertificateNegotiation;
    }
}
