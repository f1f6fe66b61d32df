using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>An authority that files one case and follows it to where nothing moves any more.</summary>
/// <param name="restarts">Whether the simulated Customs dies after every single step.</param>
/// <param name="answer">The answer to the review that Customs starts; null for an assessment.</param>
internal sealed class Journey(string scenario, bool restarts, SubmissionKind? answer = null) : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private readonly MemoryStore _store = new() { Choice = new ScenarioChoice(scenario, Delay, ForCase: false) };
    private readonly ManualClock _clock = new();
    private SandboxChannel? _channel;

    public CaseModel Model { get; } = new(answer);

    /// <summary>The kinds of the submissions, each with '!' after it where it could not be sent at first.</summary>
    public List<string> Submissions { get; } = [];

    public List<CustomsReceipt> Receipts { get; } = [];

    /// <summary>The start of the review that follows the case; null where none does.</summary>
    public CustomsReceipt? Following { get; private set; }

    private string CaseNumber => answer is null ? Samples.CaseNumber : Samples.ReviewNumber;

    private SandboxChannel Channel => _channel ??= new SandboxChannel(_store, new SandboxOptions(), _clock);

    public async Task RunAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        if (answer is not null)
        {
            var start = SandboxReview.Of("NZ-MPI", "DAIRY", ["INFANT_FORMULA"]);
            Model.Apply((await Channel.PerformAsync(CaseNumber, Samples.MessageId(), start, timeout.Token)).Act);
            Restart();
        }
        for (var step = 0; step < 100; step++)
        {
            if (Model.Owed is { } owed) await SubmitAsync(owed, timeout.Token);
            else if (_store.Planned(CaseNumber).Count > 0) await TakeReceiptAsync(timeout.Token);
            else if (Model.Allows("submit Signatories") && !Submissions.Contains("Signatories"))
                await SubmitAsync(SubmissionKind.Signatories, timeout.Token);
            else return;
        }

        Assert.Fail("The case goes round in circles.");
    }

    public void Dispose() => _channel?.Dispose();

    private async Task SubmitAsync(SubmissionKind kind, CancellationToken cancellationToken)
    {
        Model.Apply($"submit {kind}");
        var submission = Samples.Submission(kind, CaseNumber);
        var refused = false;
        try
        {
            await Channel.SendAsync(submission, cancellationToken);
        }
        catch (CustomsUnavailableException)
        {
            refused = true;
            Restart();
            await Assert.ThrowsAsync<CustomsUnavailableException>(() => Channel.SendAsync(submission, cancellationToken));
            Model.Apply("send_failed");
            Model.Apply("redeliver");
            await Channel.SendAsync(submission with { Delivery = 2 }, cancellationToken);
        }

        Submissions.Add(refused ? $"{kind}!" : $"{kind}");
        Restart();
        var planned = _store.Planned(CaseNumber).Select(p => p.MessageId).ToList();
        await Channel.SendAsync(submission with { Delivery = 2 }, cancellationToken);
        Assert.Equal(planned, _store.Planned(CaseNumber).Select(p => p.MessageId));
        Restart();
    }

    private async Task TakeReceiptAsync(CancellationToken cancellationToken)
    {
        var expected = _store.Planned(CaseNumber)[0];
        _clock.Advance(Delay);
        var receipt = Assert.Single(await Channel.ReceiveAsync(10, cancellationToken));
        Restart();
        var again = Assert.Single(await Channel.ReceiveAsync(10, cancellationToken));
        AssertSame(receipt, again);
        Assert.Equal(expected.MessageId, receipt.MessageId);
        Assert.Equal(expected.DueAt, receipt.CreatedAt);
        if (receipt.Act is StartReview)
        {
            Following = receipt;
        }
        else
        {
            Assert.Equal(CaseNumber, receipt.CaseNumber);
            Model.Apply(receipt.Act);
            Receipts.Add(receipt);
        }

        Restart();
        await Channel.AcknowledgeAsync(receipt, cancellationToken);
        Restart();
        await Channel.AcknowledgeAsync(receipt, cancellationToken);
    }

    private void Restart()
    {
        if (!restarts) return;
        _channel?.Dispose();
        _channel = null;
    }

    private static void AssertSame(CustomsReceipt first, CustomsReceipt second)
    {
        Assert.Equal(first with { Act = second.Act }, second);
        Assert.Equal(Samples.Text(first.Act), Samples.Text(second.Act));
        Assert.Equal(first.Act.Files.Select(f => f.Name), second.Act.Files.Select(f => f.Name));
        Assert.Equal(
            first.Act.Files.Select(f => Convert.ToHexString(f.Content.Span)),
            second.Act.Files.Select(f => Convert.ToHexString(f.Content.Span)));
    }
}
