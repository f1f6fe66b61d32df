using System.Globalization;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindow.Tests.Simulation;

/// <summary>
/// All that was committed, read anew after every step and compared with what was there before: each change of a case by the workflow's table,
/// each feed without a gap, each request and each message of Customs with one effect, each change made by whom the audit says asked for it.
/// </summary>
internal sealed class Books : IDisposable
{
    private readonly Dictionary<string, KnownCase> cases = [];
    private readonly Dictionary<string, (long Head, long Audit)> heads = [];
    private readonly Dictionary<(string Who, long Number), (byte[] Content, Receipt Receipt)> receipts = [];
    private readonly Dictionary<(string Who, string Id), ClientRequest> asked = [];
    private readonly Dictionary<(string Who, string Id), byte[]> answers = [];
    private readonly HashSet<(string Who, string Id)> mayComeLate = [];
    private readonly Func<string, string> nameOf;
    private readonly Action<KnownCase, string, CaseStep> changed;
    private readonly SqliteCommand version;
    private readonly SqliteCommand feeds;
    private readonly SqliteCommand allCases;
    private readonly SqliteCommand timeline;
    private readonly SqliteCommand receipt;
    private readonly AuditTrail audit;
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
        audit = new AuditTrail(ground.Connection);
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

    /// <summary>Whether a request is done by now; the next look will see it.</summary>
    public bool IsDone(ClientRequest request) => audit.IsDone(request);

    /// <summary>Takes a request that a client is about to make.</summary>
    public void Asked(ClientRequest request) => asked.Add((request.Who.Id, request.Id), request);

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
        {
            if (request.Event == CaseEvent.Discard && cases[request.CaseId].DiscardedBy != request.Id)
                throw new BreachException(BreachKind.Lost, $"{request.Event} of {nameOf(request.CaseId)} was acknowledged, and not done");
            return;
        }

        var step = cases.GetValueOrDefault(made.CaseId)?.Steps.Find(it => it.Version.ToString(CultureInfo.InvariantCulture) == made.Etag)
            ?? throw new BreachException(
                BreachKind.Lost, $"{request.Event} was acknowledged as version {made.Etag} of {nameOf(made.CaseId)}, which is not there");
        if (step.Actor != request.Actor || step.Event != request.Event || step.Stage != made.Stage || step.Status != made.Status)
            throw new BreachException(BreachKind.Reordered, $"{request.Event} was acknowledged as what was {step.Actor} {step.Event}");
        if (step.RequestId != request.Id)
            throw new BreachException(BreachKind.Doubled, $"{request.Event} was acknowledged as version {made.Etag} of {nameOf(made.CaseId)}, which another request made");
    }

    /// <summary>Takes a refusal that a client got.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="refusal">Why it is not done.</param>
    /// <param name="underWay">Whether another attempt was on its way when it was refused, and may be made at a time that allows it.</param>
    /// <exception cref="BreachException">It has had an effect, or was no ground to refuse.</exception>
    public void Refused(ClientRequest request, BridgeException refusal, bool underWay)
    {
        Look();

        // An etag holds it off, unless it is one that the case had yet to come to.
        if (underWay && (request.Etag.Length == 0
            || (refusal.Reason == ErrorReason.EtagMismatch && VersionOf(request.Etag) > VersionOf(refusal.Fields["etag"]))))
        {
            mayComeLate.Add((request.Who.Id, request.Id));
        }

        if (audit.HasEffect(request) && !mayComeLate.Contains((request.Who.Id, request.Id)))
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
                if (asked.ContainsKey((on.Who, step.RequestId)) && !IsAccountedFor(on, step.RequestId))
                    throw new BreachException(BreachKind.Doubled, $"{on.Name}: {step.Event} happened, and nobody had an answer for it");

                // Who answers a submission by hand, as Customs, has it.
                var isAnswered = on.Steps.Exists(it => it.Version > step.Version && it.Actor == Actor.Customs && answers.ContainsKey((on.Who, it.RequestId)));
                if (step is { Actor: Actor.Authority, MessageId.Length: > 0 } && step.Event != CaseEvent.Redeliver && !isAnswered
                    && !atCustoms.Contains(step.MessageId))
                {
                    throw new BreachException(BreachKind.Lost, $"{on.Name}: what {step.Event} handed in never came to Customs");
                }
            }

            if (on.IsGone && !IsAccountedFor(on, on.DiscardedBy))
                throw new BreachException(BreachKind.Doubled, $"{on.Name} was discarded, and nobody had an answer for it");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in new IDisposable[] { version, feeds, allCases, timeline, receipt, audit, totals })
            command.Dispose();
    }

    // Its client has an answer, or has given up an attempt, asked again and been refused, and the attempt was made later all the same.
    private bool IsAccountedFor(KnownCase on, string requestId) =>
        answers.ContainsKey((on.Who, requestId)) || mayComeLate.Contains((on.Who, requestId));

    private static long VersionOf(string etag) => long.Parse(etag, CultureInfo.InvariantCulture);

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
                audit.Read(who, before.Audit, number);
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

        if (here != cases.Values.Count(it => !it.IsGone))
            LookAtGone();
        if (cases.Values.FirstOrDefault(it => audit.Next(it) is not null) is { } told)
            throw new BreachException(BreachKind.Lost, $"{told.Name}: the audit tells of {audit.Next(told)}, which is not there");
    }

    private void LookAtGone()
    {
        var left = new HashSet<string>();
        using (var reader = allCases.ExecuteReader())
        {
            while (reader.Read())
                left.Add(reader.GetString(0));
        }

        foreach (var gone in cases.Values.Where(it => !it.IsGone && !left.Contains(it.Id)))
        {
            // What was saved since the last look, and went with it, has the audit alone.
            while (audit.Next(gone) is { Actor: "AUTHORITY", Outcome: "APPLICATION/DRAFT" } saved)
            {
                audit.Take(gone);
                Take(gone, new CaseStep(gone.Version + 1, Actor.Authority, CaseEvent.Save, Stage.Application, Status.Draft, "", saved.RequestId));
            }

            if (gone.Allows(Actor.Authority, CaseEvent.Discard) is null || audit.Next(gone) is not { Actor: "AUTHORITY", Outcome: AuditTrail.Discarded } discarded)
                throw new BreachException(BreachKind.Lost, $"{gone.Name} at {gone.Place} is gone");
            audit.Take(gone);
            CheckAsked(gone, CaseEvent.Discard, discarded.RequestId, gone.Version);
            gone.DiscardedBy = discarded.RequestId;
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
            var by = audit.Next(known);
            var step = new CaseStep(
                sequence, (Actor)reader.GetInt32(1), (CaseEvent)reader.GetInt32(2), (Stage)reader.GetInt32(3), (Status)reader.GetInt32(4), told?.MessageId ?? "",
                by?.RequestId ?? "");
            if (sequence != known.Version + 1)
                throw new BreachException(BreachKind.Reordered, $"{known.Name}: version {sequence} follows {known.Version}");
            if ((step.Event == CaseEvent.Save) != (told is null)
                || (told is not null && (told.CaseId != known.Id || told.Event != step.Event || told.Stage != step.Stage || told.Status != step.Status)))
            {
                throw new BreachException(BreachKind.Lost, $"{known.Name}: {step.Event} has no receipt, or another's");
            }

            if (by is null || (by.Actor, by.Outcome) != (WireNames.Of(step.Actor), $"{WireNames.Of(step.Stage)}/{WireNames.Of(step.Status)}"))
                throw new BreachException(BreachKind.Lost, $"{known.Name}: {step.Event} is told in the audit as {by}");
            audit.Take(known);
            Take(known, step);
        }
    }

    private void Take(KnownCase known, CaseStep step)
    {
        var before = known.Place;
        known.Take(step);
        if (!begun)
            return;
        if (step.Actor == Actor.Authority)
            CheckAsked(known, step.Event, step.RequestId, step.Version - 1);
        Changes++;
        changed(known, before, step);
    }

    private void CheckAsked(KnownCase known, CaseEvent what, string requestId, long at)
    {
        if (!asked.TryGetValue((known.Who, requestId), out var request) || request.Event != what
            || (request.CaseId.Length > 0 ? request.CaseId != known.Id : known.Version != 1))
        {
            throw new BreachException(BreachKind.Doubled, $"{known.Name}: {what} happened, and nobody asked for it");
        }

        if (request.Etag.Length > 0 && VersionOf(request.Etag) != at)
            throw new BreachException(BreachKind.Reordered, $"{known.Name}: {what} was asked for at version {request.Etag} and made at {at}");
    }

    private static void Bind(SqliteCommand command, string id, long after)
    {
        command.Parameters[0].Value = id;
        command.Parameters[1].Value = after;
    }
}
