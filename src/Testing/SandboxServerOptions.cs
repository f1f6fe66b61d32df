using Microsoft.Extensions.Logging;
using SingleWindowBridge.Server.Sandbox;

namespace SingleWindowBridge.Testing;

/// <summary>How a <see cref="SandboxServer"/> is set up. Everything has a default.</summary>
public sealed class SandboxServerOptions
{
    /// <summary>The accounts that the server knows, each with a key; by default one, <see cref="SandboxServerAccount.Aruba"/>. The first
    /// is that of <see cref="SandboxServer.Key"/> and <see cref="SandboxServer.Client"/>.</summary>
    public IList<SandboxServerAccount> Accounts { get; init; } = [SandboxServerAccount.Aruba];

    /// <summary>Cases of the first account that are there when the server has started, in this order; by default none.</summary>
    public IList<SeedCase> Cases { get; init; } = [];

    /// <summary>What the simulated Customs does where a case has no scenario of its own; by default "straight_through". With "manual"
    /// it does nothing by itself.</summary>
    public string Scenario { get; init; } = "straight_through";

    /// <summary>How long the simulated Customs takes for each act; by default no time at all.</summary>
    public TimeSpan ActDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Whether the clocks of all accounts stand still from the start: what Customs would do later waits for
    /// <see cref="ISandbox.AdvanceClockAsync"/>. By default they go.</summary>
    public bool ClockStopped { get; init; }

    /// <summary>The loopback port to serve on; by default 0, any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Further settings of the server by their names, such as "Delivery:Attempts"; they have precedence.</summary>
    public IDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where the server logs to, such as a provider that writes to a test's output; by default nowhere.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}

/// <summary>An account of a sandbox server.</summary>
/// <param name="Id">The account's id, such as "sandbox-aw".</param>
/// <param name="Key">The key by which its calls are known.</param>
/// <param name="Country">The country's code of ISO 3166-1, such as "AW".</param>
/// <param name="CategoryScope">The codes of the food categories for which it may apply.</param>
public sealed record SandboxServerAccount(string Id, string Key, string Country, IReadOnlyList<string> CategoryScope)
{
    /// <summary>The sandbox authority of Aruba, which may apply for the most common categories: the account of a sandbox server that is
    /// started without any settings.</summary>
    public static SandboxServerAccount Aruba { get; } = new("sandbox-aw", PublishedSandboxKey.Value, "AW",
    [
        "MEAT", "CASINGS", "DAIRY", "AQUATIC", "BEE_PRODUCTS", "EGGS", "ANIMAL_FATS", "RICE", "MILLED_GRAIN_AND_MALT", "NUTS_AND_SEEDS",
        "DRIED_FRUIT", "DEHYDRATED_VEGETABLES", "PLANT_SEASONING_POWDER", "PROCESSED_GRAIN", "FROZEN_FRUIT",
    ])
    {
        Name = new LocalizedText("阿鲁巴沙箱主管当局", "Sandbox Competent Authority of Aruba"),
    };

    /// <summary>The authority's name.</summary>
    public LocalizedText Name { get; init; } = new("沙箱主管当局", "Sandbox Competent Authority");
}
