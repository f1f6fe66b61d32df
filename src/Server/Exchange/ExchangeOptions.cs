using SingleWindowBridge.Interop.Channels.Files;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>By which channel the bridge speaks with Customs, and how: the settings under Exchange.</summary>
public sealed class ExchangeOptions
{
    /// <summary>"sandbox", "directory" or "grpc".</summary>
    public string Channel { get; set; } = "sandbox";

    /// <summary>How the directory channel works.</summary>
    public DirectoryOptions Directory { get; set; } = new();

    /// <summary>How the grpc channel works.</summary>
    public FarEndOptions Grpc { get; set; } = new();

    /// <summary>Whether Customs is simulated.</summary>
    public bool IsSandbox => Channel == "sandbox";

    /// <summary>Whether the far end calls the bridge.</summary>
    public bool IsGrpc => Channel == "grpc";

    /// <summary>Reads and checks the settings, so that a wrong one stops the server at its start and not at its first submission.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it and the cure.</exception>
    public static ExchangeOptions Of(IConfiguration configuration)
    {
        ExchangeOptions options;
        try
        {
            options = configuration.GetSection("Exchange").Get<ExchangeOptions>() ?? new ExchangeOptions();
        }
        catch (InvalidOperationException wrong)
        {
            throw new InvalidOperationException($"A setting of the exchange is wrong: {wrong.Message}", wrong);
        }

        options.Check();
        return options;
    }

    private void Check()
    {
        switch (Channel)
        {
            case "sandbox":
                break;
            case "directory":
                if (string.IsNullOrWhiteSpace(Directory.Folder))
                    throw Wrong("Exchange:Directory:Folder", "names the folder that both sides share; none is given.");
                if (!System.IO.Directory.Exists(Directory.Folder))
                    throw Wrong("Exchange:Directory:Folder", $"is not there: {Path.GetFullPath(Directory.Folder)}. Make it, or mount it.");
                foreach (var (name, span) in new[]
                {
                    (nameof(Directory.AnswerWait), Directory.AnswerWait), (nameof(Directory.PollEvery), Directory.PollEvery),
                    (nameof(Directory.Retention), Directory.Retention), (nameof(Directory.FailRetention), Directory.FailRetention),
                    (nameof(Directory.StuckAfter), Directory.StuckAfter),
                })
                {
                    if (span <= TimeSpan.Zero)
                        throw Wrong($"Exchange:Directory:{name}", "must be more than zero.");
                }

                break;
            case "grpc":
                if (Grpc.SilentAfter <= TimeSpan.Zero)
                    throw Wrong("Exchange:Grpc:SilentAfter", "must be more than zero.");
                if (Grpc.GiveUpAfter <= TimeSpan.Zero)
                    throw Wrong("Exchange:Grpc:GiveUpAfter", "must be more than zero.");
                break;
            default:
                throw Wrong("Exchange:Channel", $"is sandbox, directory or grpc, not '{Channel}'.");
        }
    }

    private static InvalidOperationException Wrong(string setting, string what) => new($"{setting} {what}");
}

/// <summary>How the grpc channel works. Keys of the far end stand under Exchange:Grpc:Keys, by name.</summary>
public sealed class FarEndOptions
{
    /// <summary>The bridge's code: the sender of what it sends.</summary>
    public string Sender { get; set; } = "BRIDGE";

    /// <summary>The far end's code: the receiver of what the bridge sends.</summary>
    public string Receiver { get; set; } = "GACC";

    /// <summary>How long the far end may be silent before it counts as not reached.</summary>
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a submission may lie without the far end taking it for good before it is SEND_FAILED, so that the authority hears of it
    /// and can have it sent again.
    /// </summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>The most bytes of one receipt.</summary>
    public int MostReceiptBytes { get; set; } = 64 * 1024 * 1024;
}
