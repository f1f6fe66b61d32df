using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Cases;

public sealed class EtagTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task A_change_passes_with_the_etag_that_was_read_and_gives_a_new_one()
    {
        var made = await Us.DraftAsync();
        var saved = await SaveAsync(made.CaseId, made.Etag);
        Assert.NotEqual(made.Etag, saved.Etag);
        Assert.Equal(saved, await Us.GetAsync(made.CaseId));
    }

    [Fact]
    public async Task A_change_passes_without_an_etag()
    {
        var made = await Us.DraftAsync();
        Assert.Equal("changed", (await SaveAsync(made.CaseId, "")).Summary);
    }

    [Theory]
    [InlineData("stale")]
    [InlineData("garbage")]
    public async Task A_change_with_another_etag_is_aborted_and_changes_nothing(string which)
    {
        var made = await Us.DraftAsync();
        var now = await SaveAsync(made.CaseId, made.Etag);
        var refusal = await Refusal.OfAsync(() => SaveAsync(made.CaseId, which == "stale" ? made.Etag : "x"));
        refusal.Is(StatusCode.Aborted, ErrorReason.EtagMismatch);
        Assert.Equal(now.Etag, refusal.Metadata["etag"]);
        Assert.Equal(now, await Us.GetAsync(made.CaseId));
    }

    [Fact]
    public async Task The_etag_counts_before_the_place()
    {
        var caseId = await server.BringAsync(Stage.Application, Status.Declared);
        (await Refusal.OfAsync(() => SaveAsync(caseId, "0"))).Is(StatusCode.Aborted, ErrorReason.EtagMismatch);
    }

    [Fact]
    public async Task Of_two_changes_with_one_etag_one_is_made()
    {
        var made = await Us.DraftAsync();
        var calls = Enumerable.Range(0, 6).Select(_ => TryAsync()).ToList();
        var outcomes = await Task.WhenAll(calls);
        Assert.Equal(1, outcomes.Count(code => code == StatusCode.OK));
        Assert.Equal(5, outcomes.Count(code => code == StatusCode.Aborted));

        async Task<StatusCode> TryAsync()
        {
            try
            {
                await SaveAsync(made.CaseId, made.Etag);
                return StatusCode.OK;
            }
            catch (RpcException failure)
            {
                return failure.StatusCode;
            }
        }
    }

    private async Task<Case> SaveAsync(string caseId, string etag) =>
        (await Us.Applications.SaveApplicationAsync(new SaveApplicationRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId, Etag = etag, Application = new Application { Summary = "changed" },
        })).Case;
}
