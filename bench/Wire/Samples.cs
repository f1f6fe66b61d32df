using Google.Protobuf.WellKnownTypes;
using SingleWindow.Bridge.V1;
using Enum = System.Enum;

namespace SingleWindowBridge.Bench.Wire;

/// <summary>The receipts that every stream sends: of the usual size, every fourth with an opinion.</summary>
internal static class Samples
{
    /// <summary>The receipts of one stream.</summary>
    public const int Receipts = 5_000;

    /// <summary>Their case.</summary>
    public const string CaseId = "01JDB4Q8V5R6S7T8W9X0Y1Z2A3";

    /// <summary>A receipt as the table holds it, so without its cursor.</summary>
    public static Receipt Receipt(long number) => new()
    {
        Number = number,
        CaseId = CaseId,
        CaseNumber = "PG-AW-2026-00017",
        Kind = Last<CaseKind>(),
        Time = new Timestamp { Seconds = 1_790_000_000 + number, Nanos = 123_456_000 },
        Actor = Last<Actor>(),
        Event = Last<CaseEvent>(),
        Stage = Last<Stage>(),
        Status = Last<Status>(),
        Opinion = number % 4 == 0 ? "请补充冷库温度记录，并说明不合格批次的处置。" : "",
        MessageId = "0B7C3A52-9D1E-4F60-8A2B-5C6D7E8F9012",
        Etag = $"{number}",
    };

    /// <summary>The receipts as they are sent, with cursors of the usual length.</summary>
    public static IReadOnlyList<Receipt> Sent { get; } = [.. Enumerable.Range(1, Receipts).Select(number =>
    {
        var receipt = Receipt(number);
        receipt.Cursor = Convert.ToBase64String(Guid.NewGuid().ToByteArray()) + $"{number:0000}";
        return receipt;
    })];

    private static T Last<T>()
        where T : struct, Enum => Enum.GetValues<T>()[^1];
}
