using System.Diagnostics.Metrics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>What an operator does with the messages that are held.</summary>
public sealed class CustomsMessageTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    private CustomsMessageService.CustomsMessageServiceClient Admin => server.Operator.CustomsMessages;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_listing_has_pages_and_filters()
    {
        var made = await Us.ApplyAsync();
        var other = await Us.ApplyAsync();
        server.Script.Say(
        [
            .. Enumerable.Range(2, 5).Select(count => Said.Of(made.Number, new Accept(), count)),
            Said.Of(other.Number, new NotAccept()), Said.Of("209912000000000001", new Received()),
        ]);
        await HeldAsync(7);

        var seen = new List<CustomsMessage>();
        var request = new ListCustomsMessagesRequest { PageSize = 3 };
        do
        {
            var page = await Admin.ListCustomsMessagesAsync(request);
            seen.AddRange(page.Messages);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(7, seen.Select(it => it.EntryId).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(it => it.EntryId, StringComparer.Ordinal), seen);

        Assert.Equal(5, (await Admin.ListCustomsMessagesAsync(new() { CaseNumber = made.Number })).Messages.Count);
        Assert.Equal(6, (await Admin.ListCustomsMessagesAsync(new() { AuthorityId = "first" })).Messages.Count);
        Assert.Equal(5, (await Admin.ListCustomsMessagesAsync(new() { State = CustomsMessageState.Waiting })).Messages.Count);
        Assert.Single((await Admin.ListCustomsMessagesAsync(new() { Reason = HoldReason.CaseUnknown })).Messages);
        Assert.Empty((await Admin.ListCustomsMessagesAsync(new() { State = CustomsMessageState.Discarded })).Messages);
        await RefusedAsync(StatusCode.InvalidArgument, ErrorReason.PageTokenInvalid, async () => await Admin.ListCustomsMessagesAsync(
            new ListCustomsMessagesRequest { PageToken = (await Admin.ListCustomsMessagesAsync(new() { PageSize = 1 })).NextPageToken, CaseNumber = "1" }));
    }

    [Fact]
    public async Task A_message_is_retried_when_what_kept_it_is_mended()
    {
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        server.Place(made.CaseId, Stage.Completed, Status.Rejected);
        server.Script.Say(Said.Of(made.Number, new Received()), Said.Of(made.Number, new Accept()));
        var held = await HeldAsync(2);
        Assert.All(held, it => Assert.Equal(HoldReason.NeverFits, it.Reason));

        var still = (await Admin.RetryCustomsMessageAsync(new() { EntryId = held[0].EntryId })).Message;
        Assert.Equal((CustomsMessageState.Quarantined, 3, "alice"), (still.State, still.Attempts, still.Operator));

        server.Place(made.CaseId, Stage.Application, Status.Sent);
        var accept = (await Admin.RetryCustomsMessageAsync(new() { EntryId = held[1].EntryId })).Message;
        Assert.Equal((CustomsMessageState.Waiting, HoldReason.NotYet), (accept.State, accept.Reason));
        var received = (await Admin.RetryCustomsMessageAsync(new() { EntryId = held[0].EntryId })).Message;
        Assert.Equal(CustomsMessageState.Applied, received.State);
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Accepted);
        await RefusedAsync(
            StatusCode.FailedPrecondition, ErrorReason.CustomsMessageSettled, async () => await Admin.RetryCustomsMessageAsync(new() { EntryId = held[0].EntryId }));
    }

    [Fact]
    public async Task A_message_is_discarded_with_a_reason_and_comes_back_no_more()
    {
        var made = await Us.ApplyAsync();
        var lost = Said.Of(made.Number, new Accept(), 1);
        server.Script.Say(lost, Said.Of(made.Number, new Received(), 2));
        var held = await HeldAsync(2);
        await RefusedAsync(
            StatusCode.InvalidArgument, ErrorReason.FieldInvalid, async () => await Admin.DiscardCustomsMessageAsync(new() { EntryId = held[0].EntryId, Reason = " " }));

        var request = new DiscardCustomsMessageRequest { EntryId = held[0].EntryId, Reason = "海关来电：作废" };
        var discarded = (await Admin.DiscardCustomsMessageAsync(request)).Message;
        Assert.Equal(
            (CustomsMessageState.Discarded, "海关来电：作废", "alice"), (discarded.State, discarded.DiscardReason, discarded.Operator));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        Assert.Equal(discarded, (await Admin.DiscardCustomsMessageAsync(request)).Message);

        server.Script.Say(lost);
        await Wait.ForAsync(() => Task.FromResult(server.Script.Acknowledged.Count), it => it == 3);
        Assert.Equal(Status.Received, (await Us.GetAsync(made.CaseId)).Status);
        Assert.Empty(await server.Operator.HeldAsync());
    }

    [Fact]
    public async Task A_message_that_there_is_not_is_not_found()
    {
        var request = new GetCustomsMessageRequest { EntryId = "01KA8BERGZQ4ZQJ7KJ41GPWGH3" };
        await RefusedAsync(StatusCode.NotFound, ErrorReason.CustomsMessageNotFound, async () => await Admin.GetCustomsMessageAsync(request));
        await RefusedAsync(StatusCode.InvalidArgument, ErrorReason.FieldInvalid, async () => await Admin.RetryCustomsMessageAsync(new RetryCustomsMessageRequest()));
    }

    [Fact]
    public async Task The_service_is_for_operators_and_the_others_are_not()
    {
        await RefusedAsync(StatusCode.PermissionDenied, ErrorReason.RoleRequired, async () => await Us.CustomsMessages.ListCustomsMessagesAsync(new()));
        await RefusedAsync(StatusCode.PermissionDenied, ErrorReason.RoleRequired, async () => await server.Operator.Cases.ListCasesAsync(new ListCasesRequest()));
        await RefusedAsync(
            StatusCode.Unauthenticated, ErrorReason.CredentialsInvalid, async () => await server.Caller("nobody").CustomsMessages.ListCustomsMessagesAsync(new()));
    }

    [Fact]
    public async Task What_is_held_and_tried_is_counted()
    {
        var meter = server.Services.GetRequiredService<IMeterFactory>().Create(ExchangeMetrics.MeterName);
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Meter == meter)
                    it.EnableMeasurementEvents(instrument);
            },
        };
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}".Trim();
            lock (seen)
                seen[name] = instrument.IsObservable ? value : seen.GetValueOrDefault(name) + value;
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();

        server.Script.Refuse("线路中断");
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.SendFailed);
        server.Script.Say(Said.Of(made.Number, new Accept()), Said.Of("209912000000000001", new Received()));
        await HeldAsync(2);
        await Wait.ForAsync(
            () =>
            {
                listener.RecordObservableInstruments();
                lock (seen)
                    return Task.FromResult(new Dictionary<string, double>(seen));
            },
            it => it.GetValueOrDefault("singlewindow.exchange.quarantined") == 1
                && it.GetValueOrDefault("singlewindow.exchange.waiting") == 1
                && it.GetValueOrDefault("singlewindow.exchange.messages waiting not_yet") == 1
                && it.GetValueOrDefault("singlewindow.exchange.messages quarantined case_unknown") == 1
                && it.GetValueOrDefault("singlewindow.exchange.delivery.attempts refused") == 1,
            it => string.Join("; ", it));
    }

    private Task<IReadOnlyList<CustomsMessage>> HeldAsync(int count) =>
        Wait.ForAsync(() => server.Operator.HeldAsync(), it => it.Count == count, it => $"{it.Count} held");

    private static async Task RefusedAsync(StatusCode code, ErrorReason reason, Func<Task> call) =>
        (await Refusal.OfAsync(call)).Is(code, reason);
}
