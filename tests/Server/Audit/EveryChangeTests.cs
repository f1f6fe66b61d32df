using Dapper;
using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Tests.Running;
using CustomsAct = SingleWindow.Sandbox.V1.CustomsAct;

namespace SingleWindowBridge.Server.Tests.Audit;

/// <summary>Changes beside those that authorities and Customs make in a case: each has its row, which says who made it.</summary>
public sealed class EveryChangeTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_reset_and_what_Customs_does_by_hand_name_the_caller()
    {
        var act = new PerformActRequest { RequestId = Authority.NewId(), Act = new CustomsAct { Received = new Received() } };
        var reset = new ResetAccountRequest { RequestId = Authority.NewId() };
        var made = await Us.ApplyAsync();
        act.CaseId = made.CaseId;
        await Us.Sandbox.PerformActAsync(act);
        await Us.Sandbox.PerformActAsync(act);
        await Us.Sandbox.ResetAccountAsync(reset);
        await Us.Sandbox.ResetAccountAsync(reset);

        var us = Rows("first").First(row => row.Actor == "AUTHORITY").Credential;
        var performed = Assert.Single(Rows("first"), row => row.Actor == "CUSTOMS");
        Assert.Equal(
            ($"sandbox:{us}", "127.0.0.1", "customs/RECEIVED", made.CaseId, act.RequestId),
            (performed.Credential, performed.Remote, performed.Action, performed.CaseId, performed.RequestId));
        var erased = Assert.Single(Rows("first"), row => row.Outcome == "ERASED");
        Assert.Equal(
            ("AUTHORITY", us, "127.0.0.1", "singlewindow.sandbox.v1.SandboxService/ResetAccount", reset.RequestId),
            (erased.Actor, erased.Credential, erased.Remote, erased.Action, erased.RequestId));
        Assert.All([performed.RequestHash, erased.RequestHash], hash => Assert.Matches("^[0-9a-f]{64}$", hash));
    }

    [Fact]
    public async Task A_review_that_is_started_by_hand_names_the_caller()
    {
        await server.BringAsync(Stage.Completed, Status.Approved);
        var start = new StartReviewRequest { RequestId = Authority.NewId(), Category = "FROZEN_FRUIT" };
        var review = (await Us.Sandbox.StartReviewAsync(start)).Case;
        var row = Assert.Single(Rows("first"), row => row.CaseId == review.CaseId);
        Assert.Equal(
            ("CUSTOMS", $"sandbox:{Rows("first")[0].Credential}", "127.0.0.1", "customs/START_REVIEW", start.RequestId),
            (row.Actor, row.Credential, row.Remote, row.Action, row.RequestId));
    }

    [Fact]
    public async Task The_place_of_a_consumer_is_audited_when_it_changes_and_when_it_goes()
    {
        await Us.ApplyAsync();
        await Us.ApplyAsync();
        server.Script.Hold();
        await CommitAsync(1);
        await CommitAsync(1);
        await CommitAsync(2);
        await CommitAsync(1);
        await CommitAsync(0, allowBack: true);
        var delete = new DeleteReceiptConsumerRequest { Name = "ledger" };
        await Us.Receipts.DeleteReceiptConsumerAsync(delete);
        (await Refusal.OfAsync(Us.Receipts.DeleteReceiptConsumerAsync(delete))).Is(StatusCode.NotFound, ErrorReason.ReceiptConsumerNotFound);

        var rows = Rows("first").Where(row => row.Action.Contains("ReceiptService", StringComparison.Ordinal)).ToList();
        const string Commit = "singlewindow.bridge.v1.ReceiptService/CommitReceiptConsumer";
        Assert.Equal(
            [
                (Commit, "COMMITTED ledger 1"), (Commit, "COMMITTED ledger 2"), (Commit, "SET BACK ledger 0"),
                ("singlewindow.bridge.v1.ReceiptService/DeleteReceiptConsumer", "DELETED ledger"),
            ],
            rows.Select(row => (row.Action, row.Outcome)));
        Assert.All(rows, row => Assert.Equal(("AUTHORITY", "127.0.0.1", 64), (row.Actor, row.Remote, row.RequestHash.Length)));
        Assert.All(rows, row => Assert.NotEqual("", row.Credential));
    }

    [Fact]
    public async Task What_a_start_makes_of_the_settings_is_audited_once()
    {
        Assert.Equal(
            ["MADE first AUTHORITY", "KEY * OF first", "MADE second AUTHORITY", "KEY * OF second"],
            Started("settings/").Select(Masked));
        Assert.Equal($"PUBLISHED {KeyId()}", Assert.Single(Started("server/PublishSigningKey")).Outcome);
        await server.RestartAsync();
        Assert.Equal(5, Rows(AuditRow.ServerChain).Count(row => row.Actor == "SERVER"));

        server.Settings["Sandbox:Accounts:0:NameEn"] = "Another Name";
        server.Settings["Sandbox:Accounts:1:Key"] = "second-authority-new-key";
        File.Delete(server.KeyFile);
        await server.RestartAsync();
        Assert.Equal(["CHANGED first", "KEY * OF second"], Started("settings/").Skip(4).Select(Masked));
        Assert.Equal($"PUBLISHED {KeyId()}", Started("server/PublishSigningKey")[^1].Outcome);
        Assert.Equal(8, Rows(AuditRow.ServerChain).Count);
        Assert.All(Rows(AuditRow.ServerChain), row => Assert.EndsWith($"@{Environment.MachineName}", row.Credential, StringComparison.Ordinal));

        List<AuditRow> Started(string action) => [.. Rows(AuditRow.ServerChain).Where(row => row.Action.StartsWith(action, StringComparison.Ordinal))];

        string Masked(AuditRow row) => System.Text.RegularExpressions.Regex.Replace(row.Outcome, "[0-9a-f]{16}", "*");

        string KeyId()
        {
            using var key = Signer.Read(server.KeyFile);
            return key.Id;
        }
    }

    [Fact]
    public async Task A_submission_beside_the_case_that_was_handed_over_has_its_row()
    {
        var caseId = await server.BringAsync(Stage.CertificateNegotiation, Status.Approved);
        server.Script.Accept();
        await Us.Negotiations.SubmitSignatoriesAsync(new SubmitSignatoriesRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId, Signatories = Attempt.Officers(await Us.UploadAsync()),
        });
        await Wait.ForAsync(() => server.OutboxStatesAsync(caseId), states => states.All(state => state == 1));
        var list = server.Script.Offered.Last();
        var row = Assert.Single(Rows("first"), row => row.RequestId.Equals(list.MessageId, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(("DELIVERY", "delivery/SENT", caseId, "SENT"), (row.Actor, row.Action, row.CaseId, row.Outcome));
    }

    [Fact]
    public async Task An_operators_word_on_a_message_of_a_known_case_names_the_case()
    {
        var made = await Us.ApplyAsync();
        server.Script.Say(Said.Of(made.Number, new Interop.Messages.Accept(), 7));
        var held = await Wait.ForAsync(() => server.Operator.HeldAsync(), messages => messages.Count == 1);
        await server.Operator.CustomsMessages.DiscardCustomsMessageAsync(new() { EntryId = held[0].EntryId, Reason = "sent by mistake" });
        var row = Assert.Single(Rows("first"), row => row.Actor == "OPERATOR");
        Assert.Equal(
            ("alice", "singlewindow.admin.v1.CustomsMessageService/DiscardCustomsMessage", made.CaseId), (row.Credential, row.Action, row.CaseId));
    }

    private async Task CommitAsync(long number, bool allowBack = false) => await Us.Receipts.CommitReceiptConsumerAsync(
        new CommitReceiptConsumerRequest { Name = "ledger", Number = number, AllowBack = allowBack });

    private List<AuditRow> Rows(string chain)
    {
        using var connection = server.Connect();
        return [.. connection.Query<AuditRow>($"SELECT {AuditRow.Columns} FROM audit WHERE authority_id = @chain ORDER BY number", new { chain })];
    }
}
