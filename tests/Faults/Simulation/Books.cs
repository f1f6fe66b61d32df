using System.Globalization;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindow.Tests.Simulation;

/// <summary>
/// All that was committed, read anew after every step and compared with what was there before: each change of a case by the workflow's table,
/// each feed without a gap, each request and each message of Customs with one effect.
/// </summary>
internal sealed class Books : IDisposable
{
    private readonly Dictionary<string, KnownCase> cases = [];
    private readonly Dictionary<string, (long Head, long Audit)> heads = [];
    private readonly Dictionary<(string Who, long Number), (byte[] Content, Receipt Receipt)> receipts = [];
    private readonly HashSet<(string Who, string Actor, string Id)> effects = [];
    private readonly Dictionary<(string CaseId, long Version), string> askedFor = [];
    private readonly Dictionary<(string Who, string Id), byte[]> answers = [];
    private readonly List<ClientRequest> mayComeLate = [];
    private readonly Func<string, string> nameOf;
    private readonly Action<KnownCase, string, CaseStep> changed;
    private readonly SqliteCommand version;
    private readonly SqliteCommand feeds;
    private readonly SqliteCommand allCases;
    private readonly SqliteCommand timeline;
    private readonly SqliteCommand receipt;
    private readonly SqliteCommand audit;
    private readonly SqliteCommand totals;
    private long seenVersion = -1;
    private bool begun;

    /// <summary>Reads what is there before the seed begins.</summary>
    /// <param name="ground">Where.</param>
    /// <param name="nameOf">What the trace calls a case.</param>
    /// <param name="changed">Told each change of a case, with the place before it.</param>
    public Books(Ground ground, Func<string, string> nameOf, Action<KnownCase, string, CaseStep> changed)
    {
        (this.nameOf, this.changed) = (nameOf, changed);
        SqliteCommand Prepare(string text, params string[] parameters)
        {
            var command = ground.Connection.CreateCommand();
            command.CommandText = text;
            foreach (var name in parameters)
                command.Parameters.Add(new SqliteParameter(name, null));
            return command;
        }

        version = Prepare("PRAGMA data_version");
        feeds = Prepare("SELECT authority_id, head, audit_number FROM main.feeds ORDER BY authority_id");
        allCases = Prepare("SELECT case_id, authority_id, kind, version, stage, status, declined, submitted_at IS NOT NULL FROM main.cases ORDER BY case_id");
        timeline = Prepare(
            "SELECT sequence, actor, event, stage, status, receipt_number FROM main.timeline WHERE case_id = $case AND sequence > $after ORDER BY sequence", "$case", "$after");
        receipt = Prepare("SELECT number, content FROM main.receipts WHERE authority_id = $who AND number > $after ORDER BY number", "$who", "$after");
        audit = Prepare("SELECT number, actor, request_id FROM main.audit WHERE authority_id = $who AND number > $after ORDER BY number", "$who", "$after");
        totals = Prepare(
            """
            SELECT (SELECT COUNT(*) || ',' || SUM(version) FROM main.cases), (SELECT SUM(head) || ',' || SUM(audit_number) FROM main.feeds),
                (SELECT COUNT(*) || ',' || SUM(delivery) FROM main.outbox), (SELECT COUNT(*) FROM main.requests), (SELECT COUNT(*) FROM main.receipts),
                (SELECT COUNT(*) FROM main.timeline), (SELECT COUNT(*) FROM main.customs_messages)
            """);
        Look();
        foreach (var it in cases.Values)
            it.Steps.Clear();
        begun = true;
    }

    /// <summary>Every case, in the order in which they were seen.</summary>
    public IEnumerable<KnownCase> Cases => cases.Values;

    /// <summary>How many changes of cases there were since the seed began.</summary>
    public long Changes { get; private set; }

    /// <summary>Everything that a change would change, in a word.</summary>
    public string Totals()
    {
        using var reader = totals.ExecuteReader();
        reader.Read();
        return string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue));
    }

    /// <summary>Looks at what was committed since the last look.</summary>
    /// <exception cref="BreachException">An invariant does not hold.</exception>
    public void Look()
    {
        var now = (long)version.ExecuteScalar()!;
        if (now == seenVersion)
            return;

        seenVersion = now;
        LookAtFeeds();
        LookAtCases();
    }

    /// <summary>Takes the answer that a client got.</summary>
    /// <exception cref="BreachException">Another answer was given before, or another request has made the same change.</exception>
    public void Answered(ClientRequest request, IMessage answer)
    {
        Look();
        var bytes = answer.ToByteArray();
        if (!answers.TryAdd((request.Who.Id, request.Id), bytes))
        {
            if (!bytes.AsSpan().SequenceEqual(answers[(request.Who.Id, request.Id)]))
                throw new BreachException(BreachKind.Doubled, $"{request.Event}: the same request got another answer");
            return;
        }

        if (answer.Descriptor.FindFieldByName("case")?.Accessor.GetValue(answer) is not Case made)
            return;

        var step = cases.GetValueOrDefault(made.CaseId)?.Steps.Find(it => it.Version.ToString(CultureInfo.InvariantCulture) == made.Etag)
            ?? throw new BreachException(
                BreachKind.Lost, $"{request.Event} was acknowledged as version {made.Etag} of {nameOf(made.CaseId)}, which is not there");
        if (step.Actor != request.Actor || step.Event != request.Event || step.Stage != made.Stage || step.Status != made.Status)
            throw new BreachException(BreachKind.Reordered, $"{request.Event} was acknowledged as what was {step.Actor} {step.Event}");
        if (request.Etag.Length > 0 && request.Etag != (step.Version - 1).ToString(CultureInfo.InvariantCulture))
            throw new BreachException(BreachKind.Reordered, $"{request.Event} was asked for at version {request.Etag} and made version {made.Etag}");
        if (!askedFor.TryAdd((made.CaseId, step.Version), request.Id))
            throw new BreachException(BreachKind.Doubled, $"Two requests got version {made.Etag} of {nameOf(made.CaseId)}");
    }

    /// <summary>Takes a refusal that a client got.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="refusal">Why it is not done.</param>
    /// <param name="unanswered">Whether an earlier attempt had no answer: it may be on its way still, and be made at a time that allows it.</param>
    /// <exception cref="BreachException">It has had an effect, or was no ground to refuse.</exception>
    public void Refused(ClientRequest request, BridgeException refusal, bool unanswered)
    {
        Look();
        if (unanswered && request.Etag.Length == 0)
            mayComeLate.Add(request);
        if (effects.Contains((request.Who.Id, "AUTHORITY", request.Id)))
            throw new BreachException(BreachKind.Lost, $"{request.Event} was refused as {refusal.Reason}, and done");
        switch (refusal.Reason)
        {
            case ErrorReason.StatusNotAllowed or ErrorReason.StageNotReached or ErrorReason.StageCompleted or ErrorReason.CaseKindNotAllowed:
                var (stage, status) = (WireNames.Parse<Stage>(refusal.Fields["stage"]), WireNames.Parse<Status>(refusal.Fields["status"]));
                if (cases.GetValueOrDefault(request.CaseId) is { } on && (request.Stage == Stage.Unspecified || request.Stage == stage)
                    && on.Allows(request.Actor, request.Event, stage, status) is { Condition: "" })
                {
                    throw new BreachException(BreachKind.Lost, $"{request.Event} was refused at {stage} {status}, where the workflow allows it");
                }

                break;
            case ErrorReason.EtagMismatch when request.Etag.Length > 0:
            case ErrorReason.CaseNotFound when cases.GetValueOrDefault(request.CaseId) is null or { IsGone: true }:
                break;
            default:
                throw new BreachException(
                    BreachKind.Lost,
                    $"{request.Event} at {cases.GetValueOrDefault(request.CaseId)?.Place} was refused: {refusal.Reason} {string.Join(", ", refusal.Fields)}");
        }
    }

    /// <summary>Compares all that was ever seen with what is there in the end.</summary>
    /// <param name="atCustoms">The submissions that Customs has.</param>
    /// <exception cref="BreachException">Something has changed, has no cause, or has not come to Customs.</exception>
    public void Close(IReadOnlySet<string> atCustoms)
    {
        Look();
        foreach (var who in heads.Keys)
        {
            Bind(receipt, who, 0L);
            using var reader = receipt.ExecuteReader();
            var number = 0;
            while (reader.Read())
            {
                if (!receipts.TryGetValue((who, ++number), out var seen) || !seen.Content.AsSpan().SequenceEqual((byte[])reader.GetValue(1)))
                    throw new BreachException(BreachKind.Reordered, $"Receipt {number} of {who} is not what it was");
            }

            if (number != heads[who].Head)
                throw new BreachException(BreachKind.Lost, $"{who} has {number} receipts of {heads[who].Head}");
        }

        foreach (var on in cases.Values)
        {
            foreach (var step in on.Steps)
            {
                if (step.Actor == Actor.Authority && !on.IsGone && !askedFor.ContainsKey((on.Id, step.Version)) && !CameLate(on, step))
                    throw new BreachException(BreachKind.Doubled, $"{on.Name}: {step.Event} happened, and nobody had an answer for it");

                // Who answers a submission by hand, as Customs, has it.
                var isAnswered = on.Steps.Exists(it => it.Version > step.Version && it.Actor == Actor.Customs && askedFor.ContainsKey((on.Id, it.Version)));
                if (step is { Actor: Actor.Authority, MessageId.Length: > 0 } && step.Event != CaseEvent.Redeliver && !isAnswered
                    && !atCustoms.Contains(step.MessageId))
                {
                    throw new BreachException(BreachKind.Lost, $"{on.Name}: what {step.Event} handed in never came to Customs");
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in new[] { version, feeds, allCases, timeline, receipt, audit, totals })
            command.Dispose();
    }

    // An attempt that its client had given up, asked again and been refused, was made later all the same, once.
    private bool CameLate(KnownCase on, CaseStep step) =>
        mayComeLate.Find(it => it.CaseId == on.Id && it.Event == step.Event && effects.Contains((it.Who.Id, "AUTHORITY", it.Id))) is { } late
        && mayComeLate.Remove(late);

    private void LookAtFeeds()
    {
        using var reader = feeds.ExecuteReader();
        while (reader.Read())
        {
            var (who, head, number) = (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
            var before = heads.GetValueOrDefault(who);
            if (head < before.Head || number < before.Audit)
                throw new BreachException(BreachKind.Lost, $"The feed of {who} went back from {before} to {(head, number)}");
            if (head > before.Head)
                ReadReceipts(who, before.Head, head);
            if (number > before.Audit)
                ReadAudit(who, before.Audit, number);
            heads[who] = (head, number);
        }
    }

    private void ReadReceipts(string who, long after, long head)
    {
        Bind(receipt, who, after);
        using var reader = receipt.ExecuteReader();
        while (reader.Read())
        {
            var content = (byte[])reader.GetValue(1);
            var parsed = Receipt.Parser.ParseFrom(content);
            if (reader.GetInt64(0) != ++after || parsed.Number != after)
                throw new BreachException(BreachKind.Reordered, $"The feed of {who} has {reader.GetInt64(0)} where {after} should be");
            receipts.Add((who, after), (content, parsed));
        }

        if (after != head)
            throw new BreachException(BreachKind.Lost, $"The feed of {who} ends at {after}, and should at {head}");
    }

    private void ReadAudit(string who, long after, long head)
    {
        Bind(audit, who, after);
        using var reader = audit.ExecuteReader();
        while (reader.Read())
        {
            if (reader.GetInt64(0) != ++after)
                throw new BreachException(BreachKind.Reordered, $"The audit of {who} has {reader.GetInt64(0)} where {after} should be");
            var (actor, id) = (reader.GetString(1), reader.GetString(2));
            if (actor is "AUTHORITY" or "CUSTOMS" && !effects.Add((who, actor, id)))
                throw new BreachException(BreachKind.Doubled, $"A request or message of {actor} on {who} had its effect twice");
        }

        if (after != head)
            throw new BreachException(BreachKind.Lost, $"The audit of {who} ends at {after}, and should at {head}");
    }

    private void LookAtCases()
    {
        var here = 0;
        using (var reader = allCases.ExecuteReader())
        {
            while (reader.Read())
            {
                here++;
                var id = reader.GetString(0);
                if (!cases.TryGetValue(id, out var known))
                    cases[id] = known = new KnownCase(id, reader.GetString(1), (CaseKind)reader.GetInt32(2), nameOf(id));
                if (known.Version != reader.GetInt64(3))
                    ReadSteps(known);
                if ((known.Version, (int)known.Stage, (int)known.Status) is var seen && seen != (reader.GetInt64(3), reader.GetInt32(4), reader.GetInt32(5)))
                    throw new BreachException(BreachKind.Lost, $"{known.Name} is not where its timeline ends: {known.Place}, version {known.Version}");
            }
        }

        if (here == cases.Values.Count(it => !it.IsGone))
            return;
        var left = new HashSet<string>();
        using (var reader = allCases.ExecuteReader())
        {
            while (reader.Read())
                left.Add(reader.GetString(0));
        }

        foreach (var gone in cases.Values.Where(it => !it.IsGone && !left.Contains(it.Id)))
        {
            if (gone.Allows(Actor.Authority, CaseEvent.Discard) is null)
                throw new BreachException(BreachKind.Lost, $"{gone.Name} at {gone.Place} is gone");
            gone.IsGone = true;
        }
    }

    private void ReadSteps(KnownCase known)
    {
        Bind(timeline, known.Id, known.Version);
        using var reader = timeline.ExecuteReader();
        while (reader.Read())
        {
            var (sequence, number) = (reader.GetInt64(0), reader.GetInt64(5));
            var told = number > 0 ? receipts.GetValueOrDefault((known.Who, number)).Receipt : null;
            var step = new CaseStep(
                sequence, (Actor)reader.GetInt32(1), (CaseEvent)reader.GetInt32(2), (Stage)reader.GetInt32(3), (Status)reader.GetInt32(4), told?.MessageId ?? "");
            if (sequence != known.Version + 1)
                throw new BreachException(BreachKind.Reordered, $"{known.Name}: version {sequence} follows {known.Version}");
            if ((step.Event == CaseEvent.Save) != (told is null)
                || (told is not null && (told.CaseId != known.Id || told.Event != step.Event || told.Stage != step.Stage || told.Status != step.Status)))
            {
                throw new BreachException(BreachKind.Lost, $"{known.Name}: {step.Event} has no receipt, or another's");
            }

            var before = known.Place;
            known.Take(step);
            if (!begun)
                continue;
            Changes++;
            changed(known, before, step);
        }
    }

    private static void Bind(SqliteCommand command, string id, long after)
    {
        command.Parameters[0].Value = id;
        command.Parameters[1].Value = after;
    }
}
