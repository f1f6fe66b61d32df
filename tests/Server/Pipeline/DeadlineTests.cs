using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Pipeline;

/// <summary>Calls that have to wait for the database: for less than they can, for longer, and until nobody waits any more.</summary>
public sealed class DeadlineTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task A_call_whose_deadline_passes_while_it_waits_changes_nothing()
    {
        var request = NewSave();
        var before = await CountAsync();
        using (server.LockWrites())
        {
            var failure = await Assert.ThrowsAsync<RpcException>(async () =>
                await Us.Applications.SaveApplicationAsync(request, deadline: DateTime.UtcNow.AddMilliseconds(300)));
            Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
            await ServerHearsOfItAsync();
        }

        // A later change has gone through, so the one that was given up has had its turn.
        await Us.DraftAsync();
        Assert.Equal(before + 1, await CountAsync());
        Assert.Equal("waits", (await Us.Applications.SaveApplicationAsync(request)).Case.Summary);
    }

    [Fact]
    public async Task A_call_that_its_caller_cancels_changes_nothing()
    {
        var before = await CountAsync();
        using (server.LockWrites())
        {
            using var giving = new CancellationTokenSource();
            var call = Us.Applications.SaveApplicationAsync(NewSave(), cancellationToken: giving.Token);
            await Task.Delay(200);
            await giving.CancelAsync();
            Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
            await ServerHearsOfItAsync();
        }

        await Us.DraftAsync();
        Assert.Equal(before + 1, await CountAsync());
    }

    [Fact]
    public async Task A_call_waits_for_the_database_within_its_deadline()
    {
        var held = server.LockWrites();
        var call = Us.Applications.SaveApplicationAsync(NewSave(), deadline: DateTime.UtcNow.AddSeconds(20));
        await Task.Delay(200);
        Assert.False(call.ResponseAsync.IsCompleted);
        held.Dispose();
        Assert.Equal("waits", (await call).Case.Summary);
    }

    [Fact]
    public async Task A_read_does_not_wait_for_writes()
    {
        var made = await Us.DraftAsync();
        using (server.LockWrites())
            Assert.Equal(made, await Us.GetAsync(made.CaseId));
    }

    [Fact]
    public async Task A_database_that_stays_busy_is_told_as_unavailable_with_a_time_to_retry()
    {
        var request = NewSave();
        using (server.LockWrites())
        {
            var refusal = await Refusal.OfAsync(Us.Applications.SaveApplicationAsync(request));
            refusal.Is(StatusCode.Unavailable, ErrorReason.StoreUnavailable);
            Assert.Equal(1, refusal.Detail<Google.Rpc.RetryInfo>().RetryDelay.Seconds);
        }

        Assert.Equal("waits", (await Us.Applications.SaveApplicationAsync(request)).Case.Summary);
    }

    // The caller knows at once that it waits no longer; the server a moment later.
    private static Task ServerHearsOfItAsync() => Task.Delay(500);

    private static SaveApplicationRequest NewSave() =>
        new() { RequestId = Authority.NewId(), Application = new Application { Summary = "waits" } };

    private async Task<int> CountAsync() => (await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 200 })).Cases.Count;
}
