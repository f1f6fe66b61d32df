using System.Data.Common;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;
using Sim = SingleWindow.Sandbox.V1;

namespace SingleWindowBridge.Server.Tests.Audit;

/// <summary>What a running server writes into the audit, and what its command finds in the database.</summary>
public sealed class AuditTrailTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();
    private readonly string folder = Directory.CreateTempSubdirectory("bridge-audit-").FullName;

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_act_stands_there_with_who_did_it_from_where_on_which_case()
    {
        var draft = await Us.DraftAsync();
        await Us.Applications.DiscardApplicationAsync(new() { RequestId = Authority.NewId(), CaseId = draft.CaseId });
        var id = Authority.NewId();
        var form = await Us.NewFormAsync();
        var made = (await Us.Applications.SubmitApplicationAsync(new() { RequestId = id, Application = form })).Case;
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        server.Script.Say(Said.Of(made.Number, new Received()));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);

        var rows = Rows("first");
        Assert.Equal(
        [
            ("AUTHORITY", "singlewindow.bridge.v1.ApplicationService/SaveApplication", draft.CaseId, "APPLICATION/DRAFT"),
            ("AUTHORITY", "singlewindow.bridge.v1.ApplicationService/DiscardApplication", draft.CaseId, "DISCARDED"),
            ("AUTHORITY", "singlewindow.bridge.v1.FileService/UploadFile", "", $"STORED {form.FileIds[0]}"),
            ("AUTHORITY", "singlewindow.bridge.v1.ApplicationService/SubmitApplication", made.CaseId, "APPLICATION/DECLARED"),
            ("DELIVERY", "delivery/SENT", made.CaseId, "APPLICATION/SENT"),
            ("CUSTOMS", "customs/RECEIVED", made.CaseId, "APPLICATION/RECEIVED"),
        ],
        rows.Select(row => (row.Actor, row.Action, row.CaseId, row.Outcome)));
        var submit = rows[3];
        Assert.Equal(("127.0.0.1", id), (submit.Remote, submit.RequestId));
        Assert.Matches("^[0-9a-f]{64}$", submit.RequestHash);
        Assert.NotEmpty(submit.Credential);
        Assert.All(rows, row => Assert.DoesNotContain("first-authority-key", row.ToString(), StringComparison.Ordinal));
        Assert.Equal(0, await VerifyAsync());
    }

    [Fact]
    public async Task A_change_that_is_not_made_leaves_no_row_and_a_repeat_no_second_one()
    {
        var request = new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = await Us.NewFormAsync() };
        var before = Rows("first").Count;
        await Refusal.OfAsync(Us.Applications.SubmitApplicationAsync(new() { RequestId = Authority.NewId(), Application = new() }));
        await Us.Applications.SubmitApplicationAsync(new(request) { ValidateOnly = true });
        Assert.Equal(before, Rows("first").Count);
        await Us.Applications.SubmitApplicationAsync(request);
        await Us.Applications.SubmitApplicationAsync(request);
        Assert.Single(Rows("first"), row => row.Action.EndsWith("SubmitApplication", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_operator_decides_stands_there_also_where_it_concerns_no_authority()
    {
        server.Script.Say(Said.Of("209912000000000001", new Received()));
        var held = await Wait.ForAsync(() => server.Operator.HeldAsync(), messages => messages.Count == 1);
        await server.Operator.CustomsMessages.DiscardCustomsMessageAsync(new() { EntryId = held[0].EntryId, Reason = "unknown here" });
        var row = Assert.Single(Rows(AuditRow.ServerChain), it => it.Actor == "OPERATOR");
        Assert.Equal(
            ("OPERATOR", "alice", "singlewindow.admin.v1.CustomsMessageService/DiscardCustomsMessage", held[0].EntryId.ToLowerInvariant()),
            (row.Actor, row.Credential, row.Action, row.RequestId));
        Assert.Equal(0, await VerifyAsync());
    }

    [Fact]
    public async Task Whatever_is_done_to_the_table_is_found_and_the_row_named()
    {
        for (var round = 0; round < 3; round++)
            await Us.ApplyAsync();
        await server.Second.ApplyAsync();
        await Wait.ForAsync(() => Task.FromResult(Rows("first").Count), count => count == 9);
        await server.StopAsync();
        var head = await HeadAsync();
        Assert.Equal(0, await VerifyAsync("--head", head));

        using var owner = Unlocked();
        var rows = Rows("first");
        var forged = new AuditRow { AuthorityId = "first", Number = 10, Actor = "CUSTOMS", Action = "customs/APPROVE", PreviousHash = rows[8].Hash };
        forged = forged with { Hash = forged.ComputeHash() };
        foreach (var (what, named, harm) in new (string, string, Action)[]
        {
            ("a field changed", "row 4 of chain first was changed", () => Do("UPDATE audit SET outcome = 'APPLICATION/APPROVED' WHERE authority_id = 'first' AND number = 4")),
            ("a row removed", "row 5 of chain first follows row 3", () => Do("DELETE FROM audit WHERE authority_id = 'first' AND number = 4")),
            ("the end cut off, and the count with it", "row 9 of chain first is gone", () =>
            {
                Do("DELETE FROM audit WHERE authority_id = 'first' AND number > 7");
                owner.Execute("UPDATE feeds SET audit_number = 7, audit_hash = @Hash WHERE authority_id = 'first'", new { rows[6].Hash });
            }),
            ("a chain removed", "chain second is gone", () => Do("DELETE FROM audit WHERE authority_id = 'second'")),
            ("two rows swapped", "row 4 of chain first was changed", () =>
            {
                foreach (var (from, to) in new[] { (4, 100), (5, 4), (100, 5) })
                    Do($"UPDATE audit SET number = {to} WHERE authority_id = 'first' AND number = {from}");
            }),
            ("a row added", "row 10 of chain first was added", () => Insert(forged)),
            ("a row hashed anew", "row 5 of chain first does not continue row 4", () => Replace(rows[3] with { Remote = "203.0.113.7" })),
            ("a row and all after it hashed anew", "row 9 of chain first is not the one that", () =>
            {
                var previous = rows[2].Hash;
                foreach (var row in rows.Skip(3))
                    previous = Replace(row with { Remote = "203.0.113.7", PreviousHash = previous });
                owner.Execute("UPDATE feeds SET audit_hash = @previous WHERE authority_id = 'first'", new { previous });
            }),
        })
        {
            var kept = Rows(AuditRow.ServerChain).Concat(Rows("first")).Concat(Rows("second")).ToList();
            harm();
            var said = new StringWriter();
            Assert.True(await VerifyAsync(said, "--head", head) == 1, $"{what}: {said}");
            Assert.True(said.ToString().Contains(named, StringComparison.Ordinal), $"{what}: {said}");

            Do("DELETE FROM audit");
            kept.ForEach(Insert);
            owner.Execute("UPDATE feeds SET audit_number = 9, audit_hash = @Hash WHERE authority_id = 'first'", new { rows[8].Hash });
            Assert.True(await VerifyAsync(said, "--head", head) == 0, said.ToString());
        }

        void Do(string statement) => Assert.NotEqual(0, owner.Execute(statement));

        byte[] Replace(AuditRow row)
        {
            row = row with { Hash = row.ComputeHash() };
            owner.Execute("UPDATE audit SET remote = @Remote, previous_hash = @PreviousHash, hash = @Hash WHERE authority_id = @AuthorityId AND number = @Number", row);
            return row.Hash;
        }

        void Insert(AuditRow row) => owner.Execute(
            $"INSERT INTO audit ({AuditRow.Columns}) VALUES (@AuthorityId, @Number, @At, @Actor, @Credential, @Remote, @Action, @CaseId, @RequestId, @RequestHash, @Outcome, @PreviousHash, @Hash)",
            row);
    }

    [Fact]
    public async Task The_server_itself_can_neither_change_nor_remove_a_row()
    {
        await Us.DraftAsync();
        var database = server.Services.GetRequiredService<IBridgeDatabase>();
        foreach (var statement in new[]
        {
            "UPDATE audit SET outcome = 'x'", "DELETE FROM audit", "UPDATE signing_keys SET created_at = 0", "DELETE FROM signing_keys",
        })
        {
            await Assert.ThrowsAnyAsync<DbException>(() => database.WriteAsync(
                Scope.Everyone, sql => sql.ExecuteAsync(statement), CancellationToken.None));
        }

        if (!TestDatabase.IsPostgres)
        {
            await Assert.ThrowsAnyAsync<DbException>(() => database.WriteAsync(
                Scope.Everyone, sql => sql.ExecuteAsync($"INSERT OR REPLACE INTO audit SELECT {AuditRow.Columns} FROM audit"), CancellationToken.None));
        }

        Assert.Equal(0, await VerifyAsync());
    }

    [Fact]
    public async Task A_head_that_another_key_signed_is_found()
    {
        await Us.DraftAsync();
        var head = await HeadAsync();
        var text = await File.ReadAllTextAsync(head);
        Signer.Make(Path.Combine(folder, "other.pem"));
        using (var other = Signer.Read(Path.Combine(folder, "other.pem")))
        {
            var forged = AuditHead.Parse(text, head);
            forged = await AuditHead.MakeAsync(server.Services.GetRequiredService<IBridgeDatabase>(), other, Times.FromMicroseconds(forged.At), CancellationToken.None);
            await File.WriteAllTextAsync(head, forged.ToJson());
        }

        Assert.Equal(1, await VerifyAsync("--head", head));
        Assert.Equal(1, await VerifyAsync("--head", head, "--key", server.KeyFile));
        await File.WriteAllTextAsync(head, text.Replace("\"number\": 1", "\"number\": 2", StringComparison.Ordinal));
        Assert.Equal(1, await VerifyAsync("--head", head));
        await File.WriteAllTextAsync(head, text);
        Assert.Equal(0, await VerifyAsync("--head", head, "--key", server.KeyFile));
        await File.WriteAllTextAsync(head, "{}");
        Assert.Equal(2, await VerifyAsync("--head", head));
        Assert.Equal(2, await VerifyAsync("--key"));
        Assert.Equal(2, await AuditCommand.RunAsync(["forget"], TextWriter.Null));
        Assert.Equal(2, await AuditCommand.RunAsync(["verify", $"--Bridge:Database={Path.Combine(folder, "none.db")}"], TextWriter.Null));
        Assert.False(File.Exists(Path.Combine(folder, "none.db")));
    }

    [Fact]
    public async Task Heads_of_before_and_after_a_change_of_the_key_hold_where_both_keys_are_given()
    {
        await Us.DraftAsync();
        var old = Path.Combine(folder, "old.pem");
        File.Copy(server.KeyFile, old);
        await HeadAsync();
        File.Delete(server.KeyFile);
        await server.RestartAsync();
        await HeadAsync();
        Assert.Equal(2, Directory.GetFiles(folder, "audit-head-*.json").Length);
        Assert.Equal(0, await VerifyAsync("--head", folder));
        Assert.Equal(0, await VerifyAsync("--head", folder, "--key", old, "--key", server.KeyFile));
        Assert.Equal(0, await VerifyAsync("--head", folder, "--key", server.KeyFile, "--key", old));
        var said = new StringWriter();
        Assert.Equal(1, await VerifyAsync(said, "--head", folder, "--key", server.KeyFile));
        Assert.Contains(" 2 signed heads, 1 faults", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heads_are_written_into_the_folder_of_the_settings_and_verified_from_there()
    {
        server.Settings["Audit:HeadFolder"] = Path.Combine(folder, "heads");
        server.Settings["Audit:HeadEvery"] = "00:00:00.050";
        await Us.DraftAsync();
        await server.RestartAsync();
        await Us.DraftAsync();
        await Wait.ForAsync(
            () => Task.FromResult(Directory.Exists(server.Settings["Audit:HeadFolder"]) ? Directory.GetFiles(server.Settings["Audit:HeadFolder"]!).Length : 0),
            count => count > 2);
        var said = new StringWriter();
        Assert.True(await VerifyAsync(said, "--Audit:HeadFolder", server.Settings["Audit:HeadFolder"]!) == 0, said.ToString());
        Assert.DoesNotContain(" 0 signed heads", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_outlives_the_cases_of_a_sandbox_that_is_reset()
    {
        var sandbox = new BridgeServer();
        await sandbox.InitializeAsync();
        try
        {
            await sandbox.First.ApplyAsync();
            await sandbox.First.Sandbox.ResetAccountAsync(new());
            await sandbox.First.ApplyAsync();
            using var connection = sandbox.Connect();
            var actions = connection.Query<string>("SELECT action FROM audit WHERE authority_id = 'first' ORDER BY number").ToList();
            Assert.Contains("singlewindow.sandbox.v1.SandboxService/ResetAccount", actions);
            Assert.Equal(2, actions.Count(action => action.EndsWith("SubmitApplication", StringComparison.Ordinal)));
            Assert.Equal(0, await AuditCommand.RunAsync(["verify", .. Arguments(sandbox)], TextWriter.Null));
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_an_account_sets_of_its_sandbox_is_audited_and_what_changes_nothing_is_not()
    {
        var sandbox = new BridgeServer();
        await sandbox.InitializeAsync();
        try
        {
            var us = sandbox.First.Sandbox;
            var faults = new Sim.SetFaultsRequest { RequestId = Authority.NewId(), Faults = { new Sim.Fault { Kind = Sim.FaultKind.Lost, Direction = Sim.FaultDirection.Receipts } } };
            var advance = new Sim.AdvanceClockRequest { RequestId = Authority.NewId(), By = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)) };
            for (var times = 0; times < 2; times++)
            {
                await us.SetScenarioAsync(new Sim.SetScenarioRequest { Scenario = "manual" });
                await us.StopClockAsync(new Sim.StopClockRequest());
                await us.SetFaultsAsync(faults);
                await us.AdvanceClockAsync(advance);
                await us.GetClockAsync(new Sim.GetClockRequest());
            }

            await us.SetScenarioAsync(new Sim.SetScenarioRequest { Scenario = "manual", ActDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
            await us.StartClockAsync(new Sim.StartClockRequest());
            (await Refusal.OfAsync(us.SetScenarioAsync(new Sim.SetScenarioRequest { Scenario = "manual", CaseId = "none" })))
                .Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
            using var connection = sandbox.Connect();
            var rows = connection.Query<(string Action, string RequestId, string Outcome)>(
                "SELECT action, request_id, outcome FROM audit WHERE authority_id = 'first' ORDER BY number").ToList();
            const string Service = "singlewindow.sandbox.v1.SandboxService/";
            Assert.Equal(
                [
                    (Service + "SetScenario", "", "CHOSEN manual"), (Service + "StopClock", "", "STOPPED"),
                    (Service + "SetFaults", faults.RequestId, "FAULTS 1"), (Service + "AdvanceClock", advance.RequestId, "ADVANCED 00:00:05"),
                    (Service + "SetScenario", "", "CHOSEN manual"), (Service + "StartClock", "", "STARTED"),
                ],
                rows);
            Assert.Equal(0, await AuditCommand.RunAsync(["verify", .. Arguments(sandbox)], TextWriter.Null));
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    private static IEnumerable<string> Arguments(BridgeServer of) => of.Database.Settings.Select(setting => $"--{setting.Key}={setting.Value}");

    private async Task<string> HeadAsync()
    {
        var said = new StringWriter();
        var code = await AuditCommand.RunAsync(
            ["head", "--out", folder, $"--Signing:KeyFile={server.KeyFile}", .. Arguments(server)], said);
        Assert.True(code == 0, said.ToString());
        return said.ToString().Trim();
    }

    private Task<int> VerifyAsync(params string[] arguments) => VerifyAsync(TextWriter.Null, arguments);

    private Task<int> VerifyAsync(TextWriter said, params string[] arguments) =>
        AuditCommand.RunAsync(["verify", .. arguments, .. Arguments(server)], said);

    private List<AuditRow> Rows(string authorityId)
    {
        using var connection = server.Connect();
        return [.. connection.Query<AuditRow>($"SELECT {AuditRow.Columns} FROM audit WHERE authority_id = @authorityId ORDER BY number", new { authorityId })];
    }

    // As somebody who owns the database, and takes away what would stop him.
    private DbConnection Unlocked()
    {
        var connection = server.Connect();
        if (!TestDatabase.IsPostgres)
            connection.Execute("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_shortened; DROP TRIGGER audit_is_not_replaced");
        return connection;
    }
}
