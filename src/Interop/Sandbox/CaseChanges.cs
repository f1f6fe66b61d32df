using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>What may happen to a case at the simulated Customs; each change makes a new document.</summary>
internal static class CaseChanges
{
    /// <summary>Settles which scenario the case follows from now on; with another than before, counting begins again.</summary>
    public static SandboxCase Follow(this SandboxCase state, ScenarioChoice? choice, string defaultScenario)
    {
        var underWay = state.Scenario.Length > 0;
        if (underWay && choice is not { ForCase: true }) return state;
        var name = choice is not null && Scenarios.Find(choice.Scenario) is { } chosen ? chosen.Name : defaultScenario;
        var following = state with { Scenario = name, ActDelay = choice?.ActDelay };
        return name == state.Scenario ? following : following with { Counts = new Dictionary<SubmissionKind, int>() };
    }

    /// <summary>Takes a submission: remembers it and plans what the scenario does upon it, after what is still planned.</summary>
    public static SandboxCase Take(
        this SandboxCase state, Submission submission, Scenario scenario, TimeSpan delay, DateTimeOffset now)
    {
        var kind = SubmissionKinds.KindOf(submission.Content);
        var count = state.Counts.GetValueOrDefault(kind) + 1;
        if (submission.Content is ApplicationContent application)
            state = state with { Category = application.Category, Products = application.Products };
        var isReview = state.IsReview || kind is SubmissionKind.ReviewAcceptance or SubmissionKind.ReviewRefusal;
        var planned = state.Planned.ToList();
        var due = planned.Count > 0 && planned[^1].DueAt > now ? planned[^1].DueAt : now;
        foreach (var act in (isReview ? scenario.ReviewTurns : scenario.Turns).For(kind, count))
        {
            // Signing officers may come while the confirmation is on its way: what is planned already isn't planned twice.
            if (kind == SubmissionKind.Signatories && state.Planned.Any(p => p.Act.GetType() == act.GetType())) continue;
            due += delay;
            planned.Add(act is StartReview start
                ? new PlannedAct(NewMessageId(), due, start.Of(submission.AuthorityId, state)) { ReviewNumber = Ulids.New(due) }
                : new PlannedAct(NewMessageId(), due, act.WithNumber(RectificationNumber.New).WithQuestions(submission.Content))
                {
                    Answers = submission.MessageId,
                });
        }

        return state with
        {
            IsReview = isReview,
            Counts = new Dictionary<SubmissionKind, int>(state.Counts) { [kind] = count },
            Taken = Remember(state.Taken, submission.MessageId),
            Planned = planned,
        };
    }

    /// <summary>
    /// While the clock stands, what was planned and is due at once comes with the next advance: it is put behind the present by as little
    /// as there is, so that what an advance brings just to the present comes.
    /// </summary>
    /// <param name="state">The case.</param>
    /// <param name="from">How many acts were planned before; those stay.</param>
    /// <param name="stopped">Where the clock stands.</param>
    public static SandboxCase Await(this SandboxCase state, int from, DateTimeOffset stopped) => state with
    {
        Planned = [.. state.Planned.Select((act, index) =>
            index >= from && act.DueAt <= stopped ? act with { DueAt = stopped.AddTicks(1) } : act)],
    };

    /// <summary>Drops the next act if it is the one of this message id.</summary>
    public static SandboxCase Acknowledge(this SandboxCase state, string messageId) =>
        state.Planned is [{ MessageId: var next }, ..] && next == messageId
            ? state with { Planned = state.Planned.Skip(1).ToList() }
            : state;

    /// <summary>The reviews that the case's plan starts, as they are before they have a message of their own.</summary>
    public static IEnumerable<SandboxCase> PlannedReviews(this SandboxCase state) =>
        from planned in state.Planned
        where planned.ReviewNumber is not null
        select new SandboxCase
        {
            CaseNumber = planned.ReviewNumber!,
            IsReview = true,
            Category = state.Category,
            StartedBy = state.CaseNumber,
        };

    /// <summary>What Customs knows of a review that it starts.</summary>
    public static SandboxCase Start(this SandboxCase state, StartReview act) => state with { IsReview = true, Category = act.Category };

    /// <summary>Remembers an act done by hand and drops what was planned.</summary>
    public static SandboxCase Perform(this SandboxCase state, PerformedAct performed) =>
        state with
        {
            Planned = [],
            // What is dropped is not missed: the next act takes its place in the count.
            Said = state.Planned.Where(act => act.Sequence > 0).Select(act => act.Sequence - 1).Append(state.Said).Min(),
            Performed = Remember(state.Performed, performed),
        };

    /// <summary>Remembers a submission that Customs never saw, so that a repeat is dropped as it would be.</summary>
    public static SandboxCase Lose(this SandboxCase state, string messageId) => state with { Taken = Remember(state.Taken, messageId) };

    /// <summary>Takes a submission that Customs cannot read.</summary>
    public static SandboxCase Misread(this SandboxCase state, string messageId, DateTimeOffset due) => state with
    {
        Taken = Remember(state.Taken, messageId),
        Planned = [.. state.Planned, new PlannedAct(NewMessageId(), due, new ReceiveFailed(Texts.NotTakenIn)) { Answers = messageId }],
    };

    /// <summary>The act with a number where it is a rectification without one.</summary>
    public static CustomsAct WithNumber(this CustomsAct act, Func<string> number) =>
        act is RequireRectification { Number: "" } asked ? asked with { Number = number() } : act;

    private static StartReview Of(this StartReview start, string authorityId, SandboxCase assessment) =>
        start with { AuthorityId = authorityId, Category = assessment.Category, Products = assessment.Products };

    private static List<T> Remember<T>(IReadOnlyList<T> known, T added) =>
        [.. known.TakeLast(SandboxCase.MessageIdsKept - 1), added];

    private static string NewMessageId() => Guid.NewGuid().ToString().ToUpperInvariant();
}
