using Dapper;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Tests.Exchange;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Audit;

/// <summary>What the audit says of the calls of Customs, where two keys may make them.</summary>
public sealed class FarEndTrailTests : IAsyncLifetime
{
    private const string NightKey = "customs-night-shift-of-the-tests";

    private readonly BridgeServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync()
    {
        server.Settings["Exchange:Channel"] = "grpc";
        server.Settings["Exchange:Grpc:Keys:far-end"] = GrpcFarEnd.Key;
        server.Settings["Exchange:Grpc:Keys:night-shift"] = NightKey;
        server.Settings["Delivery:Attempts"] = "1";
        return server.InitializeAsync();
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_message_stands_there_with_the_key_and_address_that_gave_it_also_where_it_waited()
    {
        await using var day = new GrpcFarEnd(server.Address);
        await using var night = new GrpcFarEnd(server.Address, NightKey);
        var made = await Us.ApplyAsync();
        var early = Said.Of(made.Number, new Accept(), 2);
        Assert.NotEqual("", (await night.GiveAsync(early)).ResponseMessage);
        await server.RestartAsync();
        await using var next = new GrpcFarEnd(server.Address);
        await next.GiveAsync(Said.Of(made.Number, new Received(), 1));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Accepted);
        Assert.Equal(
            [
                ("CUSTOMS", "grpc:far-end", "127.0.0.1", "customs/RECEIVED", made.CaseId),
                ("CUSTOMS", "grpc:night-shift", "127.0.0.1", "customs/ACCEPT", made.CaseId),
            ],
            Rows().Where(row => row.Actor == "CUSTOMS").Select(row => (row.Actor, row.Credential, row.Remote, row.Action, row.CaseId)));
        Assert.Equal(early.MessageId.ToLowerInvariant(), Rows()[^1].RequestId);
    }

    [Fact]
    public async Task What_Customs_acknowledges_or_refuses_is_its_own_act()
    {
        await using var day = new GrpcFarEnd(server.Address);
        await using var night = new GrpcFarEnd(server.Address, NightKey);
        var made = await Us.ApplyAsync();
        var leased = await night.LeaseAsync(TimeSpan.FromSeconds(10));
        var acknowledgement = new AcknowledgeSubmissionRequest { LeaseId = leased.LeaseId, MessageId = leased.Submissions[0].MessageId };
        await night.Stub.AcknowledgeSubmissionAsync(acknowledgement);
        await night.Stub.AcknowledgeSubmissionAsync(acknowledgement);
        var other = await Us.ApplyAsync();
        var refused = await day.LeaseAsync(TimeSpan.FromSeconds(10));
        await day.Stub.AcknowledgeSubmissionAsync(new AcknowledgeSubmissionRequest
        {
            LeaseId = refused.LeaseId, MessageId = refused.Submissions[0].MessageId, ResponseCode = 7, ResponseMessage = "磁盘已满",
        });

        const string Call = "singlewindow.customs.v1.CustomsExchangeService/AcknowledgeSubmission";
        var rows = Rows().Where(row => row.Actor != "AUTHORITY").ToList();
        Assert.Equal(
            [
                ("CUSTOMS", "grpc:night-shift", "127.0.0.1", Call, made.CaseId, "APPLICATION/SENT"),
                ("CUSTOMS", "grpc:far-end", "127.0.0.1", Call, other.CaseId, "APPLICATION/SEND_FAILED"),
            ],
            rows.Select(row => (row.Actor, row.Credential, row.Remote, row.Action, row.CaseId, row.Outcome)));
        Assert.Equal(
            new[] { leased, refused }.Select(it => it.Submissions[0].MessageId.ToLowerInvariant()), rows.Select(row => row.RequestId));
        Assert.All(rows, row => Assert.Matches("^[0-9a-f]{64}$", row.RequestHash));
    }

    private List<AuditRow> Rows()
    {
        using var connection = server.Connect();
        return [.. connection.Query<AuditRow>($"SELECT {AuditRow.Columns} FROM audit WHERE authority_id = 'first' ORDER BY number")];
    }
}
