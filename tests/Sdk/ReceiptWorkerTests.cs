using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class ReceiptWorkerTests
{
    private readonly Desk _desk = new();
    private readonly Memory _memory = new();

    [Fact]
    public async Task EveryReceiptIsHandledInAScopeOfItsOwnAndThePlaceKept()
    {
        await using var services = Services(new ScriptedInvoker().OnStream("WatchReceipts", Live(1, 2, 3)));
        var worker = services.GetRequiredService<IHostedService>();
        await worker.StartAsync(default);
        await _memory.Reached("cur-3");
        await worker.StopAsync(default);

        Assert.Equal([1L, 2, 3], _desk.Handled);
        Assert.Equal(3, _desk.Clerks.Distinct().Count());
        Assert.Equal(3, _desk.Disposed);
    }

    [Fact]
    public async Task AReceiptThatCannotBeHandledComesAgainBeforeAnyOther()
    {
        _desk.Failures = 2;
        await using var services = Services(new ScriptedInvoker().OnStream("WatchReceipts", Live(1, 2)));
        var worker = services.GetRequiredService<IHostedService>();
        await worker.StartAsync(default);
        await _memory.Reached("cur-2");
        await worker.StopAsync(default);

        Assert.Equal([1L, 1, 1, 2], _desk.Tried);
        Assert.Equal([1L, 2], _desk.Handled);
    }

    [Fact]
    public async Task ItGoesOnFromTheCheckpoint()
    {
        await _memory.SaveAsync("cur-7", default);
        var invoker = new ScriptedInvoker().OnStream("WatchReceipts", Live(8));
        await using var services = Services(invoker);
        var worker = services.GetRequiredService<IHostedService>();
        await worker.StartAsync(default);
        await _memory.Reached("cur-8");
        await worker.StopAsync(default);

        Assert.Equal("cur-7", Assert.Single(invoker.Requests<Wire.WatchReceiptsRequest>()).AfterCursor);
    }

    [Fact]
    public async Task WhatGoingOnCannotMendEndsIt()
    {
        await using var services = Services(new ScriptedInvoker().OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", Refused));
        var worker = (BackgroundService)services.GetRequiredService<IHostedService>();
        await Assert.ThrowsAsync<CredentialsInvalidException>(async () =>
        {
            await worker.StartAsync(default);
            await worker.ExecuteTask!;
        });
    }

    [Fact]
    public void AWorkerWithoutACheckpointIsRefused()
    {
        using var services = new ServiceCollection()
            .AddSingleton<ISingleWindowClient>(new ScriptedInvoker().Client())
            .AddReceiptWorker<Clerk>(_ => { }).BuildServiceProvider();
        Assert.Throws<ArgumentException>(services.GetRequiredService<IHostedService>);
    }

    private ServiceProvider Services(ScriptedInvoker invoker) => new ServiceCollection()
        .AddSingleton<ISingleWindowClient>(invoker.Client())
        .AddSingleton(_desk)
        .AddReceiptWorker<Clerk>(options =>
        {
            options.Checkpoint = _ => _memory;
            options.InitialBackoff = options.MaxBackoff = TimeSpan.FromMilliseconds(1);
        })
        .BuildServiceProvider();

    private static Func<Wire.WatchReceiptsRequest, CancellationToken, IAsyncEnumerable<Wire.WatchReceiptsResponse>> Live(
        params long[] numbers)
    {
        return Play;

        async IAsyncEnumerable<Wire.WatchReceiptsResponse> Play(
            Wire.WatchReceiptsRequest request, [EnumeratorCancellation] CancellationToken ct)
        {
            foreach (var number in numbers)
                yield return new() { Receipt = new Wire.Receipt { Number = number, Cursor = $"cur-{number}", CaseId = "c" } };
            await Task.Delay(Timeout.Infinite, ct);
        }
    }

    private static async IAsyncEnumerable<Wire.WatchReceiptsResponse> Refused(
        Wire.WatchReceiptsRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        if (!ct.IsCancellationRequested)
            throw Failures.Rich(StatusCode.Unauthenticated, "CREDENTIALS_INVALID");
        yield break;
    }

    /// <summary>What the clerks have done, and how often they are to fail before.</summary>
    private sealed class Desk
    {
        public int Failures { get; set; }

        public int Disposed { get; set; }

        public List<long> Tried { get; } = [];

        public List<long> Handled { get; } = [];

        public List<object> Clerks { get; } = [];
    }

    private sealed class Clerk(Desk desk) : IReceiptHandler, IDisposable
    {
        public ValueTask HandleAsync(Receipt receipt, CancellationToken cancellationToken)
        {
            desk.Clerks.Add(this);
            desk.Tried.Add(receipt.Number);
            if (desk.Failures-- > 0)
                throw new InvalidOperationException("no paper");
            desk.Handled.Add(receipt.Number);
            return ValueTask.CompletedTask;
        }

        public void Dispose() => desk.Disposed++;
    }

    private sealed class Memory : IReceiptCheckpoint
    {
        private readonly Lock _lock = new();
        private readonly List<(string Cursor, TaskCompletionSource Seen)> _waiting = [];
        private string? _cursor;

        public ValueTask<string?> LoadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_cursor);

        public ValueTask SaveAsync(string cursor, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _cursor = cursor;
                _waiting.Where(one => one.Cursor == cursor).ToList().ForEach(one => one.Seen.TrySetResult());
            }

            return ValueTask.CompletedTask;
        }

        public Task Reached(string cursor)
        {
            lock (_lock)
            {
                var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_cursor == cursor)
                    seen.SetResult();
                _waiting.Add((cursor, seen));
                return seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
            }
        }
    }
}
