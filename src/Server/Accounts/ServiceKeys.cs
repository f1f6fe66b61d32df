using System.Globalization;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>Who may call a service; the numbers are those of singlewindow.admin.v1.AccountRole.</summary>
public enum Role
{
    /// <summary>A competent authority.</summary>
    Authority = 1,

    /// <summary>The far end of the exchange.</summary>
    Customs = 2,

    /// <summary>Whoever runs the bridge.</summary>
    Operator = 3,
}

/// <summary>
/// The keys in the settings, beside those in the database: of operators (Bridge:OperatorKeys) and of Customs (Exchange:Grpc:Keys), a name
/// for each, and the key or its SHA-256 as sha256:(64 digits); and those of the sandbox accounts (Sandbox:Accounts).
/// </summary>
public sealed class ServiceKeys
{
    private const int ShortestKey = 20;
    private const string Hashed = "sha256:";

    private readonly Dictionary<KeyHash, Account> keys = [];
    private readonly HashSet<KeyHash> sandbox;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A key is too short, no hash, or there twice.</exception>
    public ServiceKeys(IConfiguration configuration)
    {
        Read(configuration, Role.Operator, "Bridge:OperatorKeys");
        Read(configuration, Role.Customs, "Exchange:Grpc:Keys");
        sandbox = [.. configuration.GetSection("Sandbox:Accounts").GetChildren().Select(account => KeyHash.Of(account["Key"]))];
    }

    /// <summary>Whose key it is; null where it is none of an operator or of Customs.</summary>
    public Account? Find(KeyHash key) => keys.GetValueOrDefault(key);

    /// <summary>Whether it is the key of a sandbox account in the settings.</summary>
    public bool IsOfSandbox(KeyHash key) => sandbox.Contains(key);

    /// <summary>Whether there is a key of this role.</summary>
    public bool Any(Role role) => keys.Values.Any(account => account.Role == role);

    private void Read(IConfiguration configuration, Role role, string section)
    {
        foreach (var setting in configuration.GetSection(section).GetChildren())
        {
            var name = new LocalizedText { Zh = setting.Key, En = setting.Key };
            var account = new Account(setting.Key, role, "", name, [], [], Sandbox: false, Disabled: false, RequiredCredential.Key);
            if (!keys.TryAdd(Parse(setting), account))
                throw new InvalidOperationException($"{setting.Path}: the same key stands in the settings twice; take one for each name.");
        }
    }

    private static KeyHash Parse(IConfigurationSection setting)
    {
        var value = setting.Value ?? "";
        if (!value.StartsWith(Hashed, StringComparison.Ordinal))
        {
            return value.Length >= ShortestKey
                ? KeyHash.Of(value)
                : throw new InvalidOperationException($"{setting.Path}: a key has at least {ShortestKey} characters.");
        }

        var digits = value[Hashed.Length..];
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit)
            ? new KeyHash(Half(digits[..32]), Half(digits[32..]))
            : throw new InvalidOperationException($"{setting.Path}: {Hashed} is followed by 64 hexadecimal digits.");
    }

    private static UInt128 Half(string digits) => UInt128.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
