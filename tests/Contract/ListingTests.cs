namespace SingleWindowBridge.Contract;

/// <summary>Listings are whole, in order, and page by page.</summary>
[Collection(OneBridge.Name)]
public sealed class ListingTests(Bridge bridge)
{
    [Fact]
    public async Task Pages_give_every_case_once_and_the_newest_first()
    {
        var mine = new List<string>();
        for (var count = 0; count < 5; count++)
            mine.Add((await bridge.DraftAsync()).Case.Id);

        var listed = new List<Case>();
        string? token = null;
        do
        {
            var page = await bridge.Client.Cases.ListPageAsync(new CaseFilter { Status = Status.Draft }, token, pageSize: 2);
            Assert.True(page.Items.Count <= 2);
            Assert.All(page.Items, it => Assert.Equal(Status.Draft, it.Status));
            listed.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token is not null && !mine.All(id => listed.Any(it => it.Id == id)));

        Assert.Equal(Enumerable.Reverse(mine), listed.Select(it => it.Id).Where(mine.Contains));
        Assert.Equal(listed.Count, listed.DistinctBy(it => it.Id).Count());
        Assert.Equal(listed.OrderByDescending(it => it.Id, StringComparer.Ordinal).Select(it => it.Id), listed.Select(it => it.Id));
    }

    [Fact]
    public async Task A_page_token_is_of_its_own_filter_alone()
    {
        await bridge.DraftAsync();
        await bridge.DraftAsync();
        var page = await bridge.Client.Cases.ListPageAsync(new CaseFilter { Status = Status.Draft }, pageSize: 1);
        Assert.NotNull(page.NextPageToken);
        await Assert.ThrowsAsync<PageTokenInvalidException>(
            () => bridge.Client.Cases.ListPageAsync(new CaseFilter { Status = Status.Rejected }, page.NextPageToken));
    }

    [Fact]
    public async Task A_timeline_tells_every_change_in_order()
    {
        var draft = await bridge.DraftAsync();
        for (var count = 0; count < 3; count++)
            await draft.Handle.SaveApplicationAsync(bridge.Form);
        var entries = await draft.Handle.TimelineAsync().ToListAsync();
        Assert.Equal([1, 2, 3, 4], entries.Select(entry => entry.Sequence));
        Assert.All(entries, entry => Assert.Equal((CaseEvent.Save, Actor.Authority), (entry.Event, entry.Actor)));
        var first = await bridge.Client.Cases.TimelinePageAsync(draft.Case.Id, pageSize: 3);
        var second = await bridge.Client.Cases.TimelinePageAsync(draft.Case.Id, first.NextPageToken, pageSize: 3);
        Assert.Equal(entries, first.Items.Concat(second.Items));
        Assert.Null(second.NextPageToken);
    }

    [Fact]
    public async Task The_catalogue_names_everything_in_two_languages()
    {
        var authority = await bridge.Client.Catalogue.GetAuthorityAsync();
        Assert.True(authority.Id.Length > 0 && authority.Country is not null && authority.ProductScope.Count > 0);
        var categories = await bridge.Client.Catalogue.ListCategoriesAsync();
        Assert.All(
            categories.Select(category => category.Name).Concat(categories.SelectMany(it => it.Products).Select(product => product.Name)),
            name => Assert.True(name.Zh.Length > 0 && name.En.Length > 0));
        Assert.Subset(categories.SelectMany(it => it.Products).Select(product => product.Code).ToHashSet(), authority.ProductScope.ToHashSet());
        Assert.Contains(await bridge.Client.Catalogue.ListCountriesAsync(), country => country.Code == "AW");
        var values = await bridge.Client.Catalogue.ListEnumValuesAsync("Stage");
        foreach (var stage in Enum.GetValues<Stage>().Where(stage => stage != Stage.Unknown))
            Assert.Matches(@"[\u4e00-\u9fff]", Assert.Single(values, value => value.Number == (int)stage).Name.Zh);
    }

    [Fact]
    public async Task Every_product_has_a_questionnaire_that_can_be_read_beforehand()
    {
        var products = (await bridge.Client.Catalogue.ListCategoriesAsync()).SelectMany(category => category.Products);
        var templates = await bridge.Client.Catalogue.ListTemplatesAsync();
        foreach (var id in products.Select(product => product.TemplateId).Distinct())
        {
            Assert.Contains(templates, template => template.Id == id);
            Assert.NotEmpty((await bridge.Client.Catalogue.GetTemplateAsync(id)).Questions);
        }
    }
}
