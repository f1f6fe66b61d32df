using System.Data.Common;

namespace SingleWindowBridge.Server.Storage;

/// <summary>Puts statements into a batch, which is one round trip.</summary>
internal static class Statements
{
    /// <summary>Adds posted writes in their order. Neighbours that insert into the same table by the same text become one statement.</summary>
    public static void Add(DbBatch batch, IReadOnlyList<Posted> posted)
    {
        foreach (var statement in posted)
            statement.Send();
        for (var index = 0; index < posted.Count;)
        {
            var form = StatementForm.Of(posted[index].Text);
            var count = form.Many is null ? 1 : CountAlike(posted, index, form);
            if (count == 1)
                Add(batch, posted[index].Text, posted[index].Parameters);
            else
                AddMany(batch, form, [.. posted.Skip(index).Take(count)]);
            index += count;
        }
    }

    /// <summary>Says whom the statements after it act for.</summary>
    public static void AddFence(DbBatch batch, SqlDialect dialect, Scope scope) =>
        Add(batch, dialect.Fence!, new { bridge_scope = scope.Value });

    /// <summary>Adds one statement.</summary>
    public static void Add(DbBatch batch, string text, object? parameters)
    {
        var form = StatementForm.Of(text);
        var command = batch.CreateBatchCommand();
        command.CommandText = form.Single;
        if (parameters is not null)
        {
            foreach (var column in ParameterShape.Of(parameters, text, form))
            {
                var parameter = command.CreateParameter();
                column.SetOne(parameter, parameters);
                command.Parameters.Add(parameter);
            }
        }

        batch.BatchCommands.Add(command);
    }

    private static void AddMany(DbBatch batch, StatementForm form, List<Posted> rows)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = form.Many!;
        foreach (var column in ParameterShape.Of(rows[0].Parameters!, rows[0].Text, form))
        {
            var parameter = command.CreateParameter();
            column.SetMany(parameter, rows);
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }

    private static int CountAlike(IReadOnlyList<Posted> posted, int from, StatementForm form)
    {
        var (first, count) = (posted[from], 1);
        while (from + count < posted.Count && posted[from + count] is var next
            && next.Text == first.Text && next.Parameters!.GetType() == first.Parameters!.GetType()
            && !(form.UpdatesOnConflict && Enumerable.Range(from, count).Any(index => ReferenceEquals(posted[index].Owner, next.Owner))))
        {
            count++;
        }

        return count;
    }
}
