using System.Text.Json;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>The document that is stored.</summary>
public sealed class SandboxCaseTests
{
    [Fact]
    public void Every_act_is_stored_and_read_back()
    {
        var acts = typeof(CustomsAct).Assembly.GetTypes().Where(t => t.BaseType == typeof(CustomsAct) && t != typeof(Unreadable)).ToList();
        Assert.Equal(17, acts.Count);
        foreach (var type in acts)
        {
            object[] values = type.GetConstructors()[0].GetParameters()
                .Select(p => Samples.ValueOf(p.ParameterType)).ToArray();
            var act = (CustomsAct)Activator.CreateInstance(type, values)! with { Opinion = "意见\nopinion" };
            var planned = new PlannedAct(Samples.MessageId(), DateTimeOffset.UnixEpoch, act);
            var read = SandboxCase.FromJson(new SandboxCase { CaseNumber = "A", Planned = [planned] }.ToJson());
            Assert.Equal(Samples.Text(act), Samples.Text(Assert.Single(read.Planned).Act));
            Assert.Empty(read.Planned[0].Act.Files);
        }
    }

    [Fact]
    public async Task Document_is_small_and_holds_no_file()
    {
        using var sandbox = new Sandbox("two_rectifications");
        await sandbox.SendAsync(Samples.Submission());
        await sandbox.SendAsync(Samples.Submission(SubmissionKind.Questionnaire));
        await sandbox.SendAsync(Samples.Submission(SubmissionKind.Rectification));
        var text = Assert.Single(sandbox.Store.Documents);
        Assert.InRange(text.Length, 1, 6000);
        Assert.DoesNotContain("\"files\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
    }

    [Fact]
    public void Members_may_come_in_any_order_and_be_absent()
    {
        var read = SandboxCase.FromJson("""
            {"planned":[{"act":{"opinion":"o","act":"close"},"message_id":"M","due_at":"2025-11-20T00:00:00+00:00"}],
             "case_number":"A"}
            """);
        Assert.Equal("o", Assert.IsType<Close>(read.Planned[0].Act).Opinion);
        Assert.Equal(("", "", 0), (read.Scenario, read.Category, read.Taken.Count));
        Assert.Throws<JsonException>(() => SandboxCase.FromJson("null"));
        Assert.Throws<JsonException>(() => SandboxCase.FromJson("{}"));
    }

    [Fact]
    public async Task Message_ids_do_not_pile_up()
    {
        using var sandbox = new Sandbox("manual");
        for (var n = 0; n < SandboxCase.MessageIdsKept + 10; n++) await sandbox.SendAsync(Samples.Submission());
        Assert.Equal(SandboxCase.MessageIdsKept, sandbox.Store.Find(Samples.CaseNumber)!.Taken.Count);
    }
}
