using System.Text.Json.Nodes;
using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>The sample where it cannot come to a good end: it says why, and exits 1.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_rejected_case_ends_with_Customs_opinion()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        var input = _workspace.InputWith("aquatic", "application_rejected");
        using var run = new BackOfficeRun(_workspace, server.Endpoint, input);
        Assert.Equal(1, await run.EndAsync());
        Assert.Matches(@"^\d{18} COMPLETED REJECTED: .*审核不通过.* Rejected\.$", run.Lines[^1]);
    }

    [Fact]
    public async Task A_request_without_a_prepared_answer_waits_for_a_person_and_goes_on()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        var input = _workspace.InputWith("dehydrated-vegetables", "questionnaire_correction");
        using (var run = new BackOfficeRun(_workspace, server.Endpoint, input))
        {
            Assert.Equal(1, await run.EndAsync());
            Assert.Contains("QUESTIONNAIRE CORRECTION_REQUIRED: Customs asks for more than", run.Errors, StringComparison.Ordinal);
        }

        // The person adds what Customs asked for.
        var json = JsonNode.Parse(await File.ReadAllTextAsync(input))!;
        json["questionnaires"]!.AsArray().Add(JsonNode.Parse(
            """{ "supplementary_material": { "value": "With the missing part.", "files": ["files/vegetables-dossier.pdf"] } }"""));
        await File.WriteAllTextAsync(input, json.ToJsonString());
        using var again = new BackOfficeRun(_workspace, server.Endpoint, input);
        await CaseChecks.EndedWellAsync(again, server, _workspace);
        await CaseChecks.ReceiptsAreWholeAsync(server, _workspace);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        using var server = BridgeServer.Planned(_workspace.Folder);
        using var run = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("aquatic"));
        await FailsAsync(run, $"The bridge at {server.Endpoint} cannot be reached");
    }

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        using var run = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("aquatic"), "--key", "swb_wrong");
        await FailsAsync(run, "CREDENTIALS_INVALID");
        Assert.Empty(await server.Client.Cases.ListAsync().ToListAsync());
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("""{ "applications": [], "questionaires": [] }""", "'questionaires' could not be mapped")]
    [InlineData("""{ "applications": [] }""", "missing required properties including: 'questionnaires'")]
    [InlineData(
        """{ "applications": [], "questionnaires": [{ "authority_chart": { "files": ["files/none.pdf"] } }] }""",
        "names files that are not there: files/none.pdf")]
    public async Task A_bad_input_is_explained_before_anything_is_filed(string json, string message)
    {
        var input = _workspace.Write("bad.json", json);
        using var run = new BackOfficeRun(_workspace, "http://127.0.0.1:1", input);
        await FailsAsync(run, message);
    }

    private static async Task FailsAsync(BackOfficeRun run, string message)
    {
        Assert.Equal(1, await run.EndAsync());
        Assert.Empty(run.Lines);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }
}
