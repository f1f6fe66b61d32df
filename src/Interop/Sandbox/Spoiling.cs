using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>What the faults on demand do to the acts that Customs has in mind.</summary>
internal static class Spoiling
{
    /// <summary>Counts the acts that were planned last, and has the faults happen to them.</summary>
    /// <param name="state">The case, with the new acts at the end.</param>
    /// <param name="before">How many acts were planned before.</param>
    /// <param name="account">The account, with the faults to come.</param>
    public static (SandboxCase State, SandboxAccount Account) Spoil(this SandboxCase state, int before, SandboxAccount account)
    {
        var planned = state.Planned.Take(before).ToList();
        var said = state.Said;
        var late = new List<PlannedAct>();
        PlannedAct? held = null;
        foreach (var act in state.Planned.Skip(before))
        {
            (account, var fault) = account.Next(SandboxDirection.Receipts);
            // What never comes, or cannot be read, is not counted: the bridge would wait for it for ever.
            if (fault?.Kind == SandboxFaultKind.Lost) continue;
            // A review that Customs starts has a number, and so a count, of its own.
            var counted = fault?.Kind == SandboxFaultKind.Malformed || act.ReviewNumber is not null ? act : act with { Sequence = ++said };
            switch (fault?.Kind)
            {
                case SandboxFaultKind.Late:
                    late.Add(counted with { DueAt = counted.DueAt + fault.Delay });
                    continue;
                case SandboxFaultKind.Reordered when held is null:
                    held = counted;
                    continue;
                case SandboxFaultKind.Doubled:
                    planned.Add(counted);
                    break;
                case SandboxFaultKind.Malformed:
                    counted = counted with { Malformed = true };
                    break;
            }

            planned.Add(counted);
            if (held is null) continue;
            planned.Add(held with { DueAt = counted.DueAt });
            held = null;
        }

        if (held is not null) planned.Add(held);
        // Stable: of acts that are due at once, the first stays the first.
        return (state with { Said = said, Planned = [.. planned.Concat(late).OrderBy(act => act.DueAt)] }, account);
    }

    /// <summary>Moves all that is planned in time.</summary>
    public static SandboxCase Shift(this SandboxCase state, TimeSpan by, DateTimeOffset? stoppedAt) => state with
    {
        StoppedAt = stoppedAt,
        Planned = [.. state.Planned.Select(act => act with { DueAt = act.DueAt + by })],
    };
}
