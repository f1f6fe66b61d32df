using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Cases;

public sealed class ListCasesTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Cases_come_newest_first_whole_and_in_pages()
    {
        var made = new List<Case>();
        for (var i = 0; i < 7; i++)
            made.Add(await Us.DraftAsync(new Application { Summary = $"{i}" }));
        made.Reverse();

        Assert.Equal(made, await AllAsync(new ListCasesRequest()));
        Assert.Equal(made, await AllAsync(new ListCasesRequest { PageSize = 3 }));
        Assert.Equal(made, await AllAsync(new ListCasesRequest { PageSize = 1 }));
        Assert.Equal("", (await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 7 })).NextPageToken);
        Assert.Empty((await server.Second.Cases.ListCasesAsync(new ListCasesRequest())).Cases);
    }

    [Fact]
    public async Task Fifty_come_where_no_size_is_asked_for()
    {
        for (var i = 0; i < 51; i++)
            await Us.DraftAsync();
        var page = await Us.Cases.ListCasesAsync(new ListCasesRequest());
        Assert.Equal(50, page.Cases.Count);
        Assert.NotEqual("", page.NextPageToken);
        Assert.Equal(51, (await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 200 })).Cases.Count);
    }

    [Fact]
    public async Task A_listing_stays_whole_while_cases_change_come_and_go()
    {
        var made = new List<string>();
        for (var i = 0; i < 6; i++)
            made.Add((await Us.DraftAsync(Attempt.Form(await server.FileAsync()))).CaseId);
        made.Reverse();

        var first = await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 2 });
        await server.DoAsync(made[4], CaseEvent.Save, Stage.Application);
        await server.DoAsync(made[1], CaseEvent.Submit, Stage.Application);
        await server.DoAsync(made[3], CaseEvent.Discard, Stage.Application);
        await Us.DraftAsync();
        var second = await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 2, PageToken = first.NextPageToken });
        var third = await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 2, PageToken = second.NextPageToken });

        Assert.Equal([made[2], made[4], made[5]], second.Cases.Concat(third.Cases).Select(it => it.CaseId));
        Assert.Equal("", third.NextPageToken);
    }

    [Fact]
    public async Task Each_filter_narrows_the_list()
    {
        server.Script.Hold();
        var draft = await Us.DraftAsync(new Application { Category = "MEAT" });
        var declared = await Us.ApplyAsync();
        var asked = await Us.GetAsync(await server.BringAsync(Stage.Questionnaire, Status.Pending));
        var review = await Us.ApplyAsync("MEAT", "MEAT_PORK");
        server.Place(review.CaseId, Stage.Reception, Status.Pending, CaseKind.Review);

        await ListsAsync(new ListCasesRequest { Kind = CaseKind.Review }, review);
        await ListsAsync(new ListCasesRequest { Kind = CaseKind.Assessment }, asked, declared, draft);
        await ListsAsync(new ListCasesRequest { Category = "MEAT" }, review, draft);
        await ListsAsync(new ListCasesRequest { Category = "EGGS" });
        await ListsAsync(new ListCasesRequest { Stage = Stage.Application }, declared, draft);
        await ListsAsync(new ListCasesRequest { Status = Status.Pending }, review, asked);
        await ListsAsync(new ListCasesRequest { ChangedSince = asked.UpdateTime }, review, asked);
        await ListsAsync(new ListCasesRequest { ChangedSince = After(review.UpdateTime) });
        await ListsAsync(new ListCasesRequest
        {
            Kind = CaseKind.Assessment, Category = "MEAT", Stage = Stage.Application,
            Status = Status.Draft
        }, draft);

        static Timestamp After(Timestamp time) => Timestamp.FromDateTimeOffset(time.ToDateTimeOffset().AddSeconds(1));
    }

    [Fact]
    public async Task What_changed_since_is_found_though_it_is_old()
    {
        var old = await Us.DraftAsync();
        var other = await Us.DraftAsync();
        var since = other.UpdateTime;
        Assert.Equal([other.CaseId], await IdsAsync(since));
        await Us.Applications.SaveApplicationAsync(new SaveApplicationRequest
        {
            RequestId = Authority.NewId(), CaseId = old.CaseId, Application = new Application { Summary = "again" },
        });
        Assert.Equal([other.CaseId, old.CaseId], await IdsAsync(since));
    }

    [Fact]
    public async Task A_value_that_the_contract_does_not_have_is_refused_by_name()
    {
        var refusal = await Refusal.OfAsync(Us.Cases.ListCasesAsync(new ListCasesRequest
        {
            Kind = (CaseKind)99, Stage = (Stage)99, Status = (Status)(-1), PageSize = 201,
        }));
        Assert.Equal("kind UnknownValue\npage_size OutOfRange\nstage UnknownValue\nstatus UnknownValue", refusal.Fields);
        Assert.Equal("page_size OutOfRange",
            (await Refusal.OfAsync(Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = -1 }))).Fields);
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    [InlineData(-62_135_596_801, 0)]
    [InlineData(253_402_300_800, 0)]
    public async Task A_time_that_is_none_is_refused(long seconds, int nanos)
    {
        var request = new ListCasesRequest { ChangedSince = new Timestamp { Seconds = seconds, Nanos = nanos } };
        Assert.Equal("changed_since Malformed", (await Refusal.OfAsync(Us.Cases.ListCasesAsync(request))).Fields);
    }

    [Fact]
    public async Task A_page_token_is_good_for_its_own_listing_alone()
    {
        for (var i = 0; i < 3; i++)
        {
            await Us.DraftAsync(new Application { Category = "MEAT" });
            await server.Second.DraftAsync();
        }

        var token = (await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 1, Category = "MEAT" })).NextPageToken;
        var timeline = (await TwoLinesAsync()).NextPageToken;
        Assert.NotEmpty((await Us.Cases.ListCasesAsync(
            new ListCasesRequest { PageSize = 2, Category = "MEAT", PageToken = token })).Cases);
        foreach (var call in new[]
        {
            Us.Cases.ListCasesAsync(new ListCasesRequest { PageToken = token }),
            Us.Cases.ListCasesAsync(new ListCasesRequest { Category = "EGGS", PageToken = token }),
            Us.Cases.ListCasesAsync(new ListCasesRequest { Category = "MEAT", Status = Status.Draft, PageToken = token }),
            server.Second.Cases.ListCasesAsync(new ListCasesRequest { Category = "MEAT", PageToken = token }),
            Us.Cases.ListCasesAsync(new ListCasesRequest { PageToken = timeline }),
            Us.Cases.ListCasesAsync(new ListCasesRequest { PageToken = "not a token" }),
            Us.Cases.ListCasesAsync(new ListCasesRequest { PageToken = "AAAA" }),
            Us.Cases.ListCasesAsync(new ListCasesRequest { PageToken = "汉字" }),
        })
        {
            (await Refusal.OfAsync(call)).Is(StatusCode.InvalidArgument, ErrorReason.PageTokenInvalid);
        }
    }

    private async Task<ListTimelineResponse> TwoLinesAsync()
    {
        var made = await Us.DraftAsync(Attempt.Form(await server.FileAsync()));
        await server.DoAsync(made.CaseId, CaseEvent.Save, Stage.Application);
        return await Us.Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = made.CaseId, PageSize = 1 });
    }

    private async Task ListsAsync(ListCasesRequest request, params Case[] cases) =>
        Assert.Equal(cases.Select(it => it.CaseId), (await Us.Cases.ListCasesAsync(request)).Cases.Select(it => it.CaseId));

    private async Task<IEnumerable<string>> IdsAsync(Timestamp since) =>
        (await Us.Cases.ListCasesAsync(new ListCasesRequest { ChangedSince = since })).Cases.Select(it => it.CaseId);

    private async Task<List<Case>> AllAsync(ListCasesRequest request)
    {
        var all = new List<Case>();
        do
        {
            var page = await Us.Cases.ListCasesAsync(request);
            all.AddRange(page.Cases);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return all;
    }
}
