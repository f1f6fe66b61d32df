using SingleWindowBridge.Server.Accounts;

namespace SingleWindowBridge.Server.Tests.Accounts;

public sealed class ApiKeyTests
{
    [Theory]
    [InlineData(true, "swb_sandbox_", KeyShape.Sandbox)]
    [InlineData(false, "swb_live_", KeyShape.Live)]
    public void A_key_tells_its_kind_and_that_it_is_whole(bool sandbox, string prefix, KeyShape shape)
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKey.New(sandbox)).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.All(keys, key =>
        {
            Assert.Matches($"^{prefix}[0-9abcdefghjkmnpqrstvwxyz]{{39}}$", key);
            Assert.Equal(shape, ApiKey.ShapeOf(key));
        });

        // 32 characters of 32 kinds: 160 bits. Each kind comes in each place.
        Assert.All(Enumerable.Range(prefix.Length, 32), place => Assert.True(keys.Select(key => key[place]).Distinct().Count() == 32));
    }

    [Fact]
    public void Every_single_slip_in_a_key_is_told()
    {
        var key = ApiKey.New(sandbox: false);
        for (var place = ApiKey.LivePrefix.Length; place < key.Length; place++)
        {
            foreach (var character in "0123456789abcdefghjkmnpqrstvwxyzilouA-".Where(character => character != key[place]))
                Assert.Equal(KeyShape.BrokenLive, ApiKey.ShapeOf($"{key[..place]}{character}{key[(place + 1)..]}"));
            Assert.Equal(KeyShape.BrokenLive, ApiKey.ShapeOf(key.Remove(place, 1)));
            if (place > ApiKey.LivePrefix.Length && key[place] != key[place - 1])
                Assert.Equal(KeyShape.BrokenLive, ApiKey.ShapeOf($"{key[..(place - 1)]}{key[place]}{key[place - 1]}{key[(place + 1)..]}"));
        }
    }

    [Theory]
    [InlineData("", KeyShape.Unmarked)]
    [InlineData("first-authority-key", KeyShape.Unmarked)]
    [InlineData("SWB_LIVE_0", KeyShape.Unmarked)]
    [InlineData("swb_live_", KeyShape.BrokenLive)]
    [InlineData("swb_sandbox_aruba_try_me", KeyShape.BrokenSandbox)]
    public void What_is_no_key_of_ours_is_told(string key, KeyShape shape) => Assert.Equal(shape, ApiKey.ShapeOf(key));
}
