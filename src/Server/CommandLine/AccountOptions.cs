using System.CommandLine;
using Google.Protobuf.Collections;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.CommandLine;

/// <summary>What can be said of an account.</summary>
internal sealed class AccountOptions
{
    private readonly Option<string> country = new("--country") { Description = "ISO 3166-1 alpha-2, such as NL." };
    private readonly Option<string> nameZh = new("--name-zh") { Description = "The name in Chinese." };
    private readonly Option<string> nameEn = new("--name-en") { Description = "The name in English." };
    private readonly Option<string[]> categories = new("--category")
    {
        Description = "A category in its scope, such as AQUATIC; say it again for more.", AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> products = new("--product")
    {
        Description = "A single product in its scope; say it again for more.", AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<RequiredCredential> requires = Word<RequiredCredential>(
        "--requires", "What it has to show: key, certificate, either or both.");

    /// <summary>Lets a command take them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { country, nameZh, nameEn, categories, products, requires })
            command.Add(option);
    }

    /// <summary>Puts what was said into an account, and gives the fields.</summary>
    public IEnumerable<string> Read(ParseResult words, Account account)
    {
        var said = new HashSet<string>();
        void Take(Option option, string field, Action take)
        {
            if (words.GetResult(option) is null)
                return;
            take();
            said.Add(field);
        }

        Take(country, "country", () => account.Country = words.GetValue(country));
        Take(nameZh, "name", () => account.Name.Zh = words.GetValue(nameZh));
        Take(nameEn, "name", () => account.Name.En = words.GetValue(nameEn));
        Take(categories, "category_scope", () => Replace(account.CategoryScope, words.GetValue(categories)));
        Take(products, "product_scope", () => Replace(account.ProductScope, words.GetValue(products)));
        Take(requires, "required_credential", () => account.RequiredCredential = words.GetValue(requires));
        return said;
    }

    private static void Replace(RepeatedField<string> codes, string[]? said)
    {
        codes.Clear();
        codes.Add(said ?? []);
    }

    /// <summary>A value of an enum by its name in the contract, in any letters.</summary>
    public static Option<TEnum> Word<TEnum>(string name, string description)
        where TEnum : struct, Enum => new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                try
                {
                    return WireNames.Parse<TEnum>(result.Tokens[0].Value.ToUpperInvariant());
                }
                catch (ArgumentException)
                {
                    result.AddError($"{name} cannot be {result.Tokens[0].Value}. {description}");
                    return default;
                }
            },
        };
}
