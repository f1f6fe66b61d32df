using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Audit;

/// <summary>Who does something, from where, and what was asked.</summary>
/// <param name="Actor">AUTHORITY, CUSTOMS, DELIVERY, OPERATOR or SERVER.</param>
/// <param name="Credential">The id or name of the key, never the key itself; empty where there is none.</param>
/// <param name="Remote">The address that the call came from; empty where none called.</param>
/// <param name="Action">The RPC, as service/method, or what else is done.</param>
/// <param name="RequestId">The id of the request or message; empty where there is none.</param>
/// <param name="RequestHash">SHA-256 of what is asked, 64 hexadecimal digits; empty where nothing is.</param>
public sealed record Origin(
    string Actor, string Credential, string Remote, string Action, string RequestId = "", string RequestHash = "")
{
    /// <summary>A call of an authority.</summary>
    public static Origin OfAuthority(ServerCallContext context, string requestId, string requestHash) =>
        new("AUTHORITY", context.CredentialId(), RemoteOf(context), context.Method.TrimStart('/'), requestId, requestHash);

    /// <summary>A call of an operator.</summary>
    public static Origin OfOperator(ServerCallContext context, string requestHash) =>
        new("OPERATOR", context.ServiceKey(), RemoteOf(context), context.Method.TrimStart('/'), "", requestHash);

    /// <summary>A call of the far end of the exchange about a submission.</summary>
    /// <param name="context">The call.</param>
    /// <param name="messageId">The submission's message id.</param>
    /// <param name="requestHash">SHA-256 of what is asked.</param>
    public static Origin OfFarEnd(ServerCallContext context, string messageId, string requestHash) =>
        new("CUSTOMS", $"grpc:{context.ServiceKey()}", RemoteOf(context), context.Method.TrimStart('/'), messageId, requestHash);

    /// <summary>What a server makes by itself of its settings.</summary>
    /// <param name="action">What it does.</param>
    public static Origin OfServer(string action) => new("SERVER", $"{Environment.UserName}@{Environment.MachineName}", "", action);

    /// <summary>What the bridge's own delivery does with a submission.</summary>
    /// <param name="server">The server that delivers.</param>
    /// <param name="what">What came of it.</param>
    /// <param name="messageId">The submission's message id.</param>
    public static Origin OfDelivery(string server, string what, string messageId) =>
        new("DELIVERY", server, "", $"delivery/{what}", messageId);

    /// <summary>A message of Customs.</summary>
    /// <param name="source">The channel that it came through, with the key and the address where one called (<see cref="SourceOf"/>).</param>
    /// <param name="what">What Customs did.</param>
    /// <param name="requestId">The id of the message, or of the call that had Customs do it.</param>
    /// <param name="hash">SHA-256 of what it says.</param>
    public static Origin OfCustoms(string source, string what, string requestId, string hash) => source.LastIndexOf('@') is var at and >= 0
        ? new("CUSTOMS", source[..at], source[(at + 1)..], $"customs/{what}", requestId, hash)
        : new("CUSTOMS", source, "", $"customs/{what}", requestId, hash);

    /// <summary>Where a message comes from that a call gives, as it is kept with the message: channel:key@address.</summary>
    /// <param name="context">The call.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="key">The id or name of the key.</param>
    public static string SourceOf(ServerCallContext context, string channel, string key) => $"{channel}:{key}@{RemoteOf(context)}";

    // An IPv4 address is told as one, also where it came to a socket of both kinds.
    private static string RemoteOf(ServerCallContext context) => context.GetHttpContext().Connection.RemoteIpAddress switch
    {
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        IPAddress address => address.ToString(),
        null => "",
    };
}
