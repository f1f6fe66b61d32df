namespace SingleWindowBridge.Contract;

/// <summary>The bridge that must keep to the contract: the one that SWB_ENDPOINT and SWB_KEY name, or a sandbox server of our
/// own.</summary>
public sealed class Bridge : IAsyncLifetime
{
    private readonly List<CaseHandle> drafts = [];
    private SandboxServer? own;

    public SingleWindowClient Client { get; private set; } = null!;

    /// <summary>A form that passes, of a category within the account's scope.</summary>
    public Application Form { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("SWB_ENDPOINT") is { Length: > 0 } endpoint)
        {
            var key = Environment.GetEnvironmentVariable("SWB_KEY");
            Assert.False(string.IsNullOrEmpty(key), "SWB_ENDPOINT needs SWB_KEY, the key of an account there.");
            Client = new SingleWindowClient(new SingleWindowClientOptions(endpoint, key));
        }
        else
        {
            own = await SandboxServer.StartAsync();
            Client = own.Client;
        }

        var scope = (await Client.Catalogue.GetAuthorityAsync()).ProductScope;
        var category = (await Client.Catalogue.ListCategoriesAsync()).First(it => it.Products.Any(product => scope.Contains(product.Code)));
        Form = new Application
        {
            Category = category.Code,
            Products = [category.Products.First(product => scope.Contains(product.Code)).Code],
            Contact = new Contact
            {
                Department = "Food Safety", Name = "J. Kelly", Position = "Senior Inspector", Email = "j.kelly@authority.example",
                Phone = new PhoneNumber("297", "5204160"),
            },
            Summary = "合同测试 a test of the contract",
            FileIds = [(await UploadAsync()).Id],
        };
    }

    public async Task DisposeAsync()
    {
        foreach (var draft in drafts)
        {
            if ((await draft.GetAsync()).Case.Allows(CaseEvent.Discard))
                await draft.DiscardAsync();
        }

        Client?.Dispose();
        if (own is not null)
            await own.DisposeAsync();
    }

    /// <summary>Another client of the same bridge, with this key.</summary>
    public SingleWindowClient Caller(Func<string> key) => new(new SingleWindowClientOptions
    {
        Endpoint = own?.Endpoint ?? new Uri(Environment.GetEnvironmentVariable("SWB_ENDPOINT")!),
        ApiKeyProvider = _ => ValueTask.FromResult(key()),
    });

    /// <summary>Saves a new draft, which is discarded at the end.</summary>
    public async Task<CaseChange> DraftAsync(Application? form = null, ChangeOptions? options = null)
    {
        var saved = await Client.Applications.SaveAsync(form ?? Form, options: options);
        drafts.Add(saved.Handle);
        return saved;
    }

    /// <summary>Uploads a page of its own.</summary>
    public async Task<UploadedFile> UploadAsync(UploadOptions? options = null) =>
        await Client.Files.UploadAsync(new MemoryStream(Page()), "page.pdf", options);

    /// <summary>A PDF that no other has the content of.</summary>
    public static byte[] Page() => Specimen.Pdf($"{Guid.NewGuid()}");
}

/// <summary>One bridge for all tests, which come one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneBridge : ICollectionFixture<Bridge>
{
    public const string Name = "one bridge";
}

/// <summary>A fact that needs the simulated Customs: it files cases.</summary>
public sealed class SandboxFactAttribute : FactAttribute
{
    public SandboxFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("SWB_SANDBOX") == "no")
            Skip = "SWB_SANDBOX is no: nothing is submitted.";
    }
}
