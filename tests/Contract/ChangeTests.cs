namespace SingleWindowBridge.Contract;

/// <summary>Changes are made once, and only of what was seen.</summary>
[Collection(OneBridge.Name)]
public sealed class ChangeTests(Bridge bridge)
{
    [Fact]
    public async Task The_same_request_gives_the_same_answer_and_changes_nothing_anew()
    {
        var once = new ChangeOptions { RequestId = Guid.NewGuid() };
        var first = await bridge.DraftAsync(options: once);
        var again = await bridge.Client.Applications.SaveAsync(bridge.Form, options: once);
        Assert.Equal((first.Case.Id, first.Case.ETag), (again.Case.Id, again.Case.ETag));
        Assert.Single(await first.Handle.TimelineAsync().ToListAsync());
    }

    [Fact]
    public async Task The_answer_stays_the_same_after_the_case_has_changed()
    {
        var once = new ChangeOptions { RequestId = Guid.NewGuid() };
        var first = await bridge.DraftAsync(options: once);
        var later = await first.Handle.SaveApplicationAsync(bridge.Form with { Summary = "另一份 another" });
        Assert.NotEqual(first.Case.ETag, later.Case.ETag);
        Assert.Equal(first.Case.ETag, (await bridge.Client.Applications.SaveAsync(bridge.Form, options: once)).Case.ETag);
        Assert.Equal(later.Case.ETag, (await first.Handle.GetAsync()).Case.ETag);
    }

    [Fact]
    public async Task A_request_id_with_other_content_is_refused()
    {
        var once = new ChangeOptions { RequestId = Guid.NewGuid() };
        var first = await bridge.DraftAsync(options: once);
        var refused = await Assert.ThrowsAsync<RequestIdReusedException>(
            () => bridge.Client.Applications.SaveAsync(bridge.Form with { Summary = "另一份 another" }, options: once));
        Assert.Equal(ErrorReason.RequestIdReused, refused.Reason);
        Assert.Equal(first.Case.ETag, (await first.Handle.GetAsync()).Case.ETag);
    }

    [Fact]
    public async Task A_change_is_made_of_what_was_seen_alone()
    {
        var seen = await bridge.DraftAsync();
        var next = await seen.Handle.SaveApplicationAsync(bridge.Form, new ChangeOptions { ETag = seen.Case.ETag });
        Assert.NotEqual(seen.Case.ETag, next.Case.ETag);
        var refused = await Assert.ThrowsAsync<EtagMismatchException>(
            () => seen.Handle.SaveApplicationAsync(bridge.Form, new ChangeOptions { ETag = seen.Case.ETag }));
        Assert.Equal(next.Case.ETag, refused.CurrentETag);
        Assert.Equal(next.Case.ETag, (await seen.Handle.GetAsync()).Case.ETag);
    }

    [Fact]
    public async Task Checking_lists_every_problem_in_two_languages_and_changes_nothing()
    {
        var draft = await bridge.DraftAsync(bridge.Form with { Summary = null, Contact = null });
        var check = await draft.Handle.SubmitApplicationAsync(options: new SubmitOptions { ValidateOnly = true });
        Assert.Contains(check.Problems, problem => problem.Path == "application.summary");
        Assert.Contains(check.Problems, problem => problem.Path.StartsWith("application.contact", StringComparison.Ordinal));
        Assert.All(check.Problems, problem => Assert.True(problem.Message.Zh.Length > 0 && problem.Message.En.Length > 0));
        Assert.Equal(draft.Case.ETag, (await draft.Handle.GetAsync()).Case.ETag);
    }

    [Fact]
    public async Task Checking_what_is_right_finds_nothing()
    {
        var draft = await bridge.DraftAsync();
        Assert.Empty((await draft.Handle.SubmitApplicationAsync(options: new SubmitOptions { ValidateOnly = true })).Problems);
        Assert.Equal(Status.Draft, (await draft.Handle.GetAsync()).Case.Status);
    }

    [Fact]
    public async Task A_draft_is_kept_as_it_was_given_and_can_be_discarded()
    {
        var draft = await bridge.Client.Applications.SaveAsync(bridge.Form);
        var kept = await draft.Handle.GetApplicationAsync();
        Assert.Equal(bridge.Form.Summary, kept.Application.Summary);
        Assert.Equal(bridge.Form.Contact, kept.Application.Contact);
        Assert.Equal(bridge.Form.FileIds, kept.Files.Select(file => file.Id));
        await draft.Handle.DiscardAsync();
        await Assert.ThrowsAsync<CaseNotFoundException>(() => draft.Handle.GetAsync());
    }

    [SandboxFact]
    public async Task A_submission_that_is_sent_many_times_at_once_is_made_once()
    {
        var once = new SubmitOptions { RequestId = Guid.NewGuid() };
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => bridge.Client.Applications.SubmitAsync(bridge.Form, options: once)));
        var number = Assert.Single(answers.Select(answer => answer.Case.Number).Distinct());
        Assert.Matches(@"^\d{18}$", number);
        var timeline = await answers[0].Handle.TimelineAsync().ToListAsync();
        Assert.Single(timeline, entry => entry.Event == CaseEvent.Submit);
    }
}
