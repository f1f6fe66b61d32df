using Grpc.Core;
using Grpc.Health.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Pipeline;

public sealed class CredentialTests(BridgeServer server) : IClassFixture<BridgeServer>
{
    [Fact]
    public async Task A_call_without_a_credential_is_refused()
    {
        using var nobody = new Authority(server.Address, key: null);
        await EveryKindOfCallAsync(nobody, ErrorReason.CredentialsMissing);
    }

    [Theory]
    [InlineData("Basic", "first-authority-key", ErrorReason.CredentialsMissing)]
    [InlineData("Bearer", "", ErrorReason.CredentialsInvalid)]
    [InlineData("Bearer", "first-authority-key2", ErrorReason.CredentialsInvalid)]
    [InlineData("Bearer", "FIRST-AUTHORITY-KEY", ErrorReason.CredentialsInvalid)]
    public async Task A_call_with_another_credential_is_refused(string scheme, string key, ErrorReason reason)
    {
        using var stranger = new Authority(server.Address, key, scheme);
        await EveryKindOfCallAsync(stranger, reason);
    }

    [Fact]
    public async Task The_key_says_who_calls()
    {
        var first = (await server.First.Catalogue.GetAuthorityAsync(new GetAuthorityRequest())).Authority;
        var second = (await server.Second.Catalogue.GetAuthorityAsync(new GetAuthorityRequest())).Authority;
        Assert.Equal(("first", "NZ", "第一主管当局", true), (first.AuthorityId, first.Country.Code, first.Name.Zh, first.Sandbox));
        Assert.Equal(("second", "AW", "Second Authority"), (second.AuthorityId, second.Country.Code, second.Name.En));
        Assert.Equal(["FROZEN_FRUIT_ALL"], second.ProductScope);

        var categories = (await server.Second.Catalogue.ListCategoriesAsync(new ListCategoriesRequest())).Categories;
        Assert.Equal(["FROZEN_FRUIT_ALL"], categories.SelectMany(it => it.Products).Where(it => it.InScope).Select(it => it.Code));
        Assert.Equal(34, categories.Sum(it => it.Products.Count));
    }

    [Fact]
    public async Task The_scheme_is_known_in_any_letters()
    {
        using var us = new Authority(server.Address, "first-authority-key", "bearer");
        Assert.Equal("first", (await us.Catalogue.GetAuthorityAsync(new GetAuthorityRequest())).Authority.AuthorityId);
    }

    [Fact]
    public async Task Health_asks_for_no_credential()
    {
        using var nobody = new Authority(server.Address, key: null);
        var answer = await new Health.HealthClient(nobody.Calls).CheckAsync(new HealthCheckRequest());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    private static async Task EveryKindOfCallAsync(Authority caller, ErrorReason reason)
    {
        using var following = caller.Receipts.WatchReceipts(new WatchReceiptsRequest());
        foreach (var call in new Func<Task>[]
        {
            async () => await caller.GetAsync("x"),
            async () => await caller.FollowAsync("manual"),
            async () => await caller.Catalogue.ListCountriesAsync(new ListCountriesRequest()),
            async () => await caller.UploadAsync(),
            async () => await following.ResponseStream.MoveNext(CancellationToken.None),
        })
        {
            (await Refusal.OfAsync(call)).Is(StatusCode.Unauthenticated, reason);
        }
    }
}
