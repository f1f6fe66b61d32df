using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.WebUtilities;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Page tokens of one listing: where the page before ended, bound to the authority and to what is listed.</summary>
/// <param name="authorityId">Whose listing it is.</param>
/// <param name="query">What is listed, without the page's size and token.</param>
public sealed class PageToken(string authorityId, IMessage query)
{
    private const int TagBytes = 8;

    private readonly byte[] tag = SHA256.HashData(
        [.. Encoding.UTF8.GetBytes($"{authorityId}\n{query.Descriptor.FullName}\n"), .. query.ToByteArray()])[..TagBytes];

    /// <summary>The token for a page after this key.</summary>
    public string Write(string key) => WebEncoders.Base64UrlEncode([.. tag, .. Encoding.UTF8.GetBytes(key)]);

    /// <summary>The number that a token holds.</summary>
    /// <exception cref="BridgeException">PAGE_TOKEN_INVALID: it is no token, or one of another listing.</exception>
    public int ReadNumber(string token) =>
        int.TryParse(Read(token), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid();

    /// <summary>The key that a token holds.</summary>
    /// <exception cref="BridgeException">PAGE_TOKEN_INVALID: it is no token, or one of another listing.</exception>
    public string Read(string token)
    {
        try
        {
            var bytes = WebEncoders.Base64UrlDecode(token);
            if (bytes.Length > TagBytes && bytes.AsSpan(0, TagBytes).SequenceEqual(tag))
                return Encoding.UTF8.GetString(bytes, TagBytes, bytes.Length - TagBytes);
        }
        catch (FormatException)
        {
            // Told below as every other token that is not ours.
        }

        throw Invalid();
    }

    private static BridgeException Invalid() => new(ErrorReason.PageTokenInvalid, ("field", "page_token"));
}
