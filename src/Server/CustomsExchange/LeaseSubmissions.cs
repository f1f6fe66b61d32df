using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Customs.V1;
using SingleWindowBridge.Interop.Xml;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CustomsExchange;

public sealed partial class CustomsExchangeEndpoints
{
    // Clients take 4 MB in a message unless told otherwise; the largest submission alone is less than half of that.
    private const int MostBytes = 2 * 1024 * 1024;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task<LeaseSubmissionsResponse> LeaseSubmissions(LeaseSubmissionsRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Range("most", request.Most, 0, 32);
        if (request.Lease is { } term)
            rules.Range("lease", term, 1, 3600);
        if (request.Wait is { } wait)
            rules.Range("wait", wait, 0, 60);
        rules.ThrowIfAny();

        farEnd.Hear();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.StreamsEnd);
        var started = clock.GetTimestamp();
        while (true)
        {
            var response = await LeaseAsync(
                request.Most == 0 ? 8 : request.Most, request.Lease?.ToTimeSpan() ?? TimeSpan.FromSeconds(60), context, ending.Token);
            var rest = (request.Wait?.ToTimeSpan() ?? TimeSpan.Zero) - clock.GetElapsedTime(started);
            if (response.Submissions.Count > 0 || rest <= TimeSpan.Zero)
                return response;

            await signal.WaitAsync(rest < LookInterval ? rest : LookInterval, ending.Token);

            // Whoever was shut out meanwhile waits no longer, and gets nothing.
            await credentials.AdmitAsync(credentials.Read(context.GetHttpContext()), Role.Customs, ending.Token);
        }
    }

    private async Task<LeaseSubmissionsResponse> LeaseAsync(int most, TimeSpan term, ServerCallContext context, CancellationToken cancellationToken)
    {
        await using (var sql = await database.OpenAsync(Scope.Everyone, cancellationToken))
        {
            if (!await sql.AnyDueAsync(clock.GetUtcNow()))
                return new LeaseSubmissionsResponse();
        }

        var now = clock.GetUtcNow();
        var lease = new OutboxLease(Guid.NewGuid().ToString("N"), now.ToMicroseconds(), (now + term).ToMicroseconds());
        var items = await database.WriteAsync(Scope.Everyone, sql => sql.LeaseDueAsync(lease, most), cancellationToken);
        var response = new LeaseSubmissionsResponse { LeaseId = lease.Owner, ExpireTime = Times.ToTimestamp(lease.Until) };
        var bytes = 0;
        foreach (var item in items)
        {
            // It was taken as often as it may be and never acknowledged: the authority hears of it and can have it sent again.
            if (item.MovesCase && item.Attempts >= options.Attempts)
            {
                await handover.RefusedAsync(
                    item, lease.Owner,
                    "海关数据交换端多次领取后均未确认。 The exchange of Customs took it again and again and never said that it has it.",
                    cancellationToken, Origin.OfFarEnd(context, item.Submission.MessageId, "") with { Actor = "DELIVERY" });
                continue;
            }

            var message = MessageOf(item);
            if (response.Submissions.Count > 0 && bytes + message.Length > MostBytes)
                break;

            bytes += message.Length;
            response.Submissions.Add(new LeasedSubmission
            {
                MessageId = item.Submission.MessageId,
                CaseNumber = item.Submission.CaseNumber,
                Message = message,
                Delivery = item.Submission.Delivery,
            });
        }

        await database.WriteAsync(
            Scope.Everyone,
            async sql =>
            {
                foreach (var given in response.Submissions)
                    await sql.CountAttemptAsync(given.MessageId, lease.Owner);
                foreach (var kept in items.Where(item => !Holds(response, item)))
                    await sql.ReleaseOneAsync(kept.Submission.MessageId, lease.Owner);
                return true;
            },
            cancellationToken);
        return response.Submissions.Count > 0 ? response : new LeaseSubmissionsResponse();
    }

    private static bool Holds(LeaseSubmissionsResponse response, OutboxItem item) =>
        response.Submissions.Any(given => given.MessageId == item.Submission.MessageId);

    private ByteString MessageOf(OutboxItem item)
    {
        using var message = new MemoryStream();
        MessageXml.Write(message, item.Submission, new Routing(exchange.Grpc.Sender, [exchange.Grpc.Receiver], $"{item.Submission.MessageId}.xml"));
        return ByteString.CopyFrom(message.GetBuffer(), 0, (int)message.Length);
    }
}
