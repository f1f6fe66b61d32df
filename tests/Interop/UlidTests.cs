using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>The numbers of reviews, and the ids made in the same way.</summary>
public sealed class UlidTests
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    [Fact]
    public void Those_made_one_after_the_other_sort_so_though_the_clock_is_set_back()
    {
        var now = DateTimeOffset.UtcNow;
        var made = Enumerable.Range(0, 1000).Select(i => Ulids.New(now.AddTicks(-i))).ToList();
        made.AddRange(Enumerable.Range(0, 1000).Select(i => Ulids.New(now.AddHours(-i))));
        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.Equal(made.Count, made.Distinct().Count());
        Assert.All(made, ulid => Assert.Matches("^[0-7][0-9A-HJKMNP-TV-Z]{25}$", ulid));
        Assert.All(made, ulid => Assert.True(Ulids.IsUlid(ulid)));
    }

    [Fact]
    public async Task Those_made_at_once_differ()
    {
        var now = DateTimeOffset.UtcNow;
        var made = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Task.Run(() => Enumerable.Range(0, 500).Select(_ => Ulids.New(now)).ToList())));
        Assert.Equal(4000, made.SelectMany(each => each).Distinct().Count());
        Assert.All(made, each => Assert.Equal(each.Order(StringComparer.Ordinal), each));
    }

    [Fact]
    public void One_says_when_it_was_made()
    {
        // Later than all that the other tests make, so that it is not set after one of theirs.
        var at = new DateTimeOffset(2093, 7, 14, 3, 20, 15, 123, TimeSpan.Zero);
        var ulid = Ulids.New(at);
        var milliseconds = ulid[..10].Aggregate(0L, (sum, digit) => (sum * 32) + Alphabet.IndexOf(digit, StringComparison.Ordinal));
        Assert.Equal(at, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("01KA8BERGZQ4ZQJ7KJ41GPWGH3", true)]
    [InlineData("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", true)]
    [InlineData("8ZZZZZZZZZZZZZZZZZZZZZZZZZ", false)]
    [InlineData("01KA8BERGZQ4ZQJ7KJ41GPWGH", false)]
    [InlineData("01KA8BERGZQ4ZQJ7KJ41GPWGH33", false)]
    [InlineData("01ka8bergzq4zqj7kj41gpwgh3", false)]
    [InlineData("01KA8BERGZQ4ZQJ7KJ41GPWGHI", false)]
    [InlineData("01KA8BERGZQ4ZQJ7KJ41GPWGHU", false)]
    [InlineData("202511000000026467", false)]
    [InlineData("", false)]
    public void Only_what_is_one_passes_for_one(string text, bool expected) => Assert.Equal(expected, Ulids.IsUlid(text));
}
