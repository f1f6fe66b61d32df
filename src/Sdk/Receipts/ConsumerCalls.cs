using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Consumers of receipts over the wire.</summary>
internal sealed class ConsumerCalls(ServiceCalls calls, Wire.ReceiptService.ReceiptServiceClient stub) : IReceiptConsumers
{
    public async Task<IReadOnlyList<ReceiptConsumer>> ListAsync(CancellationToken cancellationToken = default)
    {
        var response = await calls.ReadAsync(
            "ListReceiptConsumers", stub.ListReceiptConsumersAsync, new Wire.ListReceiptConsumersRequest(), cancellationToken)
            .ConfigureAwait(false);
        return response.Consumers.MapAll(ToModel);
    }

    public async Task<ReceiptConsumer> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var request = new Wire.GetReceiptConsumerRequest { Name = name };
        var response = await calls.ReadAsync("GetReceiptConsumer", stub.GetReceiptConsumerAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return ToModel(response.Consumer);
    }

    public async Task<ReceiptConsumer> CommitAsync(
        string name, ReceiptPosition place, bool allowBack = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(place);
        var request = new Wire.CommitReceiptConsumerRequest { Name = name, AllowBack = allowBack };
        if (place.Cursor is not null)
            request.Cursor = place.Cursor;
        else
            request.Number = place.Number ?? throw new ArgumentException("What is to come is no place to keep.", nameof(place));

        // The same commit again changes nothing: it is repeated as a reading is.
        var response = await calls.ReadAsync("CommitReceiptConsumer", stub.CommitReceiptConsumerAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return ToModel(response.Consumer);
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var request = new Wire.DeleteReceiptConsumerRequest { Name = name };
        try
        {
            await calls.ReadAsync("DeleteReceiptConsumer", stub.DeleteReceiptConsumerAsync, request, cancellationToken).ConfigureAwait(false);
        }
        catch (ReceiptConsumerNotFoundException gone) when (gone.Attempts > 1)
        {
            // An attempt before, whose answer was lost, has deleted it.
        }
    }

    private static ReceiptConsumer ToModel(Wire.ReceiptConsumer wire) => new()
    {
        Name = wire.Name,
        Cursor = wire.Cursor,
        Number = wire.Number,
        HeadNumber = wire.HeadNumber,
        UpdateTime = wire.UpdateTime.ToTime(),
    };
}
