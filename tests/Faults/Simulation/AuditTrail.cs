using Microsoft.Data.Sqlite;

namespace SingleWindow.Tests.Simulation;

/// <summary>A change of a case, as the audit has it.</summary>
/// <param name="Actor">AUTHORITY, CUSTOMS or DELIVERY.</param>
/// <param name="RequestId">The id of the request or message that brought it about.</param>
/// <param name="Outcome">The stage and the status that it led to, or DISCARDED.</param>
internal sealed record AuditedChange(string Actor, string RequestId, string Outcome);

/// <summary>What the audit tells, row by row: it goes on by one, no request has its effect twice, and each change of a case has its row.</summary>
internal sealed class AuditTrail : IDisposable
{
    /// <summary>The outcome of a discarding.</summary>
    public const string Discarded = "DISCARDED";

    private readonly Dictionary<string, Queue<AuditedChange>> changes = [];
    private readonly HashSet<(string Who, string Actor, string Id)> effects = [];
    private readonly SqliteCommand rows;
    private readonly SqliteCommand effect;

    public AuditTrail(SqliteConnection connection)
    {
        (rows, effect) = (connection.CreateCommand(), connection.CreateCommand());
        rows.CommandText = "SELECT number, actor, request_id, case_id, outcome FROM main.audit WHERE authority_id = $who AND number > $after ORDER BY number";
        effect.CommandText = "SELECT COUNT(*) FROM main.audit WHERE authority_id = $who AND request_id = $id";
        rows.Parameters.AddRange([new SqliteParameter("$who", null), new SqliteParameter("$after", null)]);
        effect.Parameters.AddRange([new SqliteParameter("$who", null), new SqliteParameter("$id", null)]);
    }

    /// <summary>Reads the rows after a number.</summary>
    /// <exception cref="BreachException">One is missing, or something was done twice.</exception>
    public void Read(string who, long after, long head)
    {
        (rows.Parameters[0].Value, rows.Parameters[1].Value) = (who, after);
        using var reader = rows.ExecuteReader();
        while (reader.Read())
        {
            if (reader.GetInt64(0) != ++after)
                throw new BreachException(BreachKind.Reordered, $"The audit of {who} has {reader.GetInt64(0)} where {after} should be");
            var (actor, id, caseId, outcome) = (reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
            if (actor is "AUTHORITY" or "CUSTOMS" && !effects.Add((who, actor, id)))
                throw new BreachException(BreachKind.Doubled, $"A request or message of {actor} on {who} had its effect twice");

            // A change of a case comes to a stage and a status; other rows name a case, too.
            if (caseId.Length == 0 || (outcome != Discarded && !outcome.Contains('/', StringComparison.Ordinal)))
                continue;
            if (!changes.TryGetValue(caseId, out var ofCase))
                changes[caseId] = ofCase = new Queue<AuditedChange>();
            ofCase.Enqueue(new AuditedChange(actor, id, outcome));
        }

        if (after != head)
            throw new BreachException(BreachKind.Lost, $"The audit of {who} ends at {after}, and should at {head}");
    }

    /// <summary>The first change of a case that was not taken yet; null where there is none.</summary>
    public AuditedChange? Next(KnownCase on) => changes.TryGetValue(on.Id, out var ofCase) && ofCase.TryPeek(out var next) ? next : null;

    /// <summary>Takes it.</summary>
    public void Take(KnownCase on) => changes[on.Id].Dequeue();

    /// <summary>Whether a request of an authority has had an effect, by what was read.</summary>
    public bool HasEffect(ClientRequest request) => effects.Contains((request.Who.Id, "AUTHORITY", request.Id));

    /// <summary>Whether a request has had an effect by now, whatever was read.</summary>
    public bool IsDone(ClientRequest request)
    {
        (effect.Parameters[0].Value, effect.Parameters[1].Value) = (request.Who.Id, request.Id);
        return (long)effect.ExecuteScalar()! > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rows.Dispose();
        effect.Dispose();
    }
}
