using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using SingleWindowBridge.Interop.Channels.Files;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>What docs/customs-exchange.md says is so.</summary>
public sealed partial class PageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(
        typeof(PageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
        "docs", "customs-exchange.md"));

    private static List<byte[]> Examples => [.. Example().Matches(Page).Select(match => Encoding.UTF8.GetBytes(match.Groups[1].Value))];

    [Fact]
    public void Every_example_fits_the_schema_and_is_read()
    {
        var examples = Examples;
        Assert.True(examples.Count >= 7, $"{examples.Count}");
        var bodies = examples.Select(SchemaCheck.CheckDocument).ToList();
        for (var at = 0; at < examples.Count; at++)
        {
            if (bodies[at].Root!.Name.LocalName != "Message")
            {
                // A body of its own is read in the envelope of a message of its type.
                Assert.NotNull(MessageSamples.Read(Wrap(examples[at], bodies[at].Root!.Name.LocalName)).Body);
                continue;
            }

            var message = MessageSamples.Read(examples[at]);
            SchemaCheck.Check(examples[at]);
            // The body of an envelope stands on the page in clear as well.
            Assert.Contains(examples, example => example.AsSpan().SequenceEqual(SchemaCheck.BodyOf(bodies[at])));
            Assert.Equal(message.Envelope.MessageType, MessageXml.TypeOf(message.Body));
        }
    }

    [Fact]
    public void Every_message_type_is_on_the_page() => Assert.All(
        MessageSamples.Bodies.Select(MessageXml.TypeOf).Distinct(),
        type => Assert.Contains($"`{type}`", Page.Replace("### The communication receipt", "`CommunicationReceipt`", StringComparison.Ordinal), StringComparison.Ordinal));

    [Fact]
    public void Every_setting_and_limit_is_on_the_page()
    {
        Assert.All(
            typeof(DirectoryOptions).GetProperties().Select(p => p.Name).Where(name => name is not ("EqualityContract" or "Limits")),
            name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));
        var limits = MessageLimits.Default;
        Assert.All(
            (long[])[limits.Bytes, limits.Depth, limits.Elements, limits.Attributes, limits.Name, limits.Comment, limits.FileBytes],
            limit => Assert.Contains($"{limit:N0}", Page, StringComparison.Ordinal));
    }

    private static byte[] Wrap(byte[] body, string type)
    {
        var envelope = Encoding.UTF8.GetString(MessageSamples.Write(MessageSamples.Receipt(new Received())));
        var start = envelope.IndexOf("<Body>", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(
            envelope[..start].Replace(">Received<", $">{type}<", StringComparison.Ordinal)
            + $"<Body>{Convert.ToBase64String(body)}</Body></Message>");
    }

    [GeneratedRegex("```xml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
