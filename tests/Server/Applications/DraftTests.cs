using System.Globalization;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Applications;

/// <summary>Drafts, their submits, and the official number.</summary>
public sealed class DraftTests(ScriptedServer server) : IClassFixture<ScriptedServer>, IDisposable
{
    private Authority Us => server.First;

    public void Dispose() => server.Script.Hold();

    [Fact]
    public async Task A_draft_may_lack_everything()
    {
        var made = await Us.DraftAsync();
        Assert.Equal(("", "", null), (made.Number, made.Category, made.SubmitTime));
        Assert.Equal([CaseEvent.Save, CaseEvent.Submit, CaseEvent.Discard], made.AllowedEvents);
    }

    [Fact]
    public async Task What_a_draft_holds_must_be_right()
    {
        var refusal = await Refusal.OfAsync(() => Us.DraftAsync(new Application
        {
            Category = "PLANETS", Summary = new string('s', 2049), Contact = new Contact { Email = "x" }, FileIds = { "y" },
        }));
        Assert.Equal(
            "application.category UnknownValue\napplication.contact.email Malformed\napplication.file_ids[0] FileNotFound\napplication.summary TooLong",
            refusal.Fields);
        Assert.Empty((await Us.Cases.ListCasesAsync(new ListCasesRequest { Category = "PLANETS" })).Cases);
    }

    [Fact]
    public async Task A_save_replaces_the_whole_form()
    {
        var form = await Us.NewFormAsync();
        var made = await Us.DraftAsync(form);
        await Us.Applications.SaveApplicationAsync(new SaveApplicationRequest
        {
            RequestId = Authority.NewId(), CaseId = made.CaseId, Application = new Application { Summary = "only this" },
        });
        var kept = await Us.Applications.GetApplicationAsync(new GetApplicationRequest { CaseId = made.CaseId });
        Assert.Equal(new Application { Summary = "only this" }, kept.Application);
        Assert.Empty(kept.Files);
    }

    [Fact]
    public async Task The_saved_draft_is_submitted_as_it_is()
    {
        var form = await Us.NewFormAsync();
        var made = await Us.DraftAsync(form);
        var submitted = (await SubmitAsync(made.CaseId)).Case;
        Assert.Equal((made.CaseId, Status.Declared), (submitted.CaseId, submitted.Status));
        var kept = await Us.Applications.GetApplicationAsync(new GetApplicationRequest { CaseId = made.CaseId });
        Assert.Equal(form, kept.Application);
        Assert.Equal(form.FileIds, kept.Files.Select(file => file.FileId));
    }

    [Fact]
    public async Task An_incomplete_draft_is_not_submitted()
    {
        var made = await Us.DraftAsync(new Application { Summary = "to come" });
        var refusal = await Refusal.OfAsync(() => SubmitAsync(made.CaseId));
        Assert.Equal(9, refusal.Problems.Count);
        Assert.Equal(made, await Us.GetAsync(made.CaseId));
    }

    [Fact]
    public async Task The_number_is_year_month_and_a_counter_that_goes_up_by_one()
    {
        var months = new List<string> { Month() };
        var numbers = new List<string>();
        for (var i = 0; i < 3; i++)
            numbers.Add((await Us.ApplyAsync()).Number);
        months.Add(Month());

        Assert.All(numbers, number => Assert.Matches("^[0-9]{18}$", number));
        Assert.All(numbers, number => Assert.Contains(number[..6], months));
        var counters = numbers.Select(number => long.Parse(number[6..], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal([counters[0], counters[0] + 1, counters[0] + 2], counters);

        static string Month() => DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).ToString(
            "yyyyMM", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(Status.CorrectionRequired)]
    [InlineData(Status.ReceiveFailed)]
    public async Task A_resubmission_keeps_case_number_and_first_submit_time(Status status)
    {
        var caseId = await server.BringAsync(Stage.Application, status);
        var before = await Us.GetAsync(caseId);
        var after = (await SubmitAsync(caseId)).Case;
        Assert.Equal((before.CaseId, before.Number, before.SubmitTime), (after.CaseId, after.Number, after.SubmitTime));
        Assert.Equal(Status.Declared, after.Status);
    }

    [Fact]
    public async Task The_opinion_stays_readable_while_the_form_is_corrected()
    {
        var caseId = await server.BringAsync(Stage.Application, Status.CorrectionRequired);
        await server.DoAsync(caseId, CaseEvent.Save, Stage.Application);
        var now = await Us.GetAsync(caseId);
        Assert.Equal((Status.Draft, "请补正", CaseEvent.RequireCorrection), (now.Status, now.Opinion.Text, now.Opinion.Event));
    }

    [Fact]
    public async Task A_discarded_draft_is_gone_with_its_number_of_receipts_unchanged()
    {
        var made = await Us.DraftAsync();
        var head = (await Us.AllReceiptsAsync()).Count;
        var request = new DiscardApplicationRequest { RequestId = Authority.NewId(), CaseId = made.CaseId, Etag = made.Etag };
        await Us.Applications.DiscardApplicationAsync(request);
        (await Refusal.OfAsync(() => Us.GetAsync(made.CaseId))).Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
        Assert.Equal(head, (await Us.AllReceiptsAsync()).Count);

        // The same request again has the same answer, though the case is no more; a new one finds nothing.
        await Us.Applications.DiscardApplicationAsync(request);
        request.RequestId = Authority.NewId();
        (await Refusal.OfAsync(Us.Applications.DiscardApplicationAsync(request))).Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
    }

    [Fact]
    public async Task Validate_only_passes_a_right_form_and_makes_no_case()
    {
        var before = await CountAsync();
        var answer = await Us.Applications.SubmitApplicationAsync(new SubmitApplicationRequest
        {
            RequestId = Authority.NewId(), Application = await Us.NewFormAsync(), ValidateOnly = true,
        });
        Assert.Equal((null, 0), (answer.Case, answer.Problems.Count));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Validate_only_lists_every_problem_and_leaves_the_case_as_it_is()
    {
        var made = await Us.DraftAsync();
        var request = new SubmitApplicationRequest { RequestId = Authority.NewId(), CaseId = made.CaseId, ValidateOnly = true };
        var answer = await Us.Applications.SubmitApplicationAsync(request);
        Assert.Equal(made, answer.Case);
        Assert.Equal(10, answer.Problems.Count);
        Assert.All(answer.Problems, problem => Assert.NotEqual("", problem.Message.Zh));
        Assert.Equal(made, await Us.GetAsync(made.CaseId));

        // A trial uses up no request id: the same one may make the change.
        request.ValidateOnly = false;
        request.Application = await Us.NewFormAsync();
        Assert.Equal(Status.Declared, (await Us.Applications.SubmitApplicationAsync(request)).Case.Status);
    }

    [Fact]
    public async Task Validate_only_tells_a_wrong_place_as_an_error()
    {
        var made = await Us.ApplyAsync();
        var refusal = await Refusal.OfAsync(Us.Applications.SubmitApplicationAsync(new SubmitApplicationRequest
        {
            RequestId = Authority.NewId(), CaseId = made.CaseId, ValidateOnly = true,
        }));
        refusal.Is(StatusCode.FailedPrecondition, ErrorReason.StatusNotAllowed);
    }

    [Fact]
    public async Task A_case_is_found_by_its_number_as_by_its_id()
    {
        var made = await Us.ApplyAsync();
        Assert.Equal(made, await Us.GetAsync(made.Number));
        Assert.Equal(made.CaseId,
            (await Us.Applications.GetApplicationAsync(new GetApplicationRequest { CaseId = made.Number })).Case.CaseId);
    }

    private async Task<SubmitApplicationResponse> SubmitAsync(string caseId) =>
        await Us.Applications.SubmitApplicationAsync(
            new SubmitApplicationRequest { RequestId = Authority.NewId(), CaseId = caseId });

    private async Task<int> CountAsync() => (await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 200 })).Cases.Count;
}
