using System.Data.Common;
using Dapper;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// Lets several pieces of work share one transaction. Each has a part of it, a <see cref="Sql"/> of its own: its posted writes can
/// be kept or dropped alone. On an engine with batches they take turns: each runs until it needs an answer of the database, then all
/// questions go out together, in one round trip, and each goes on with its answer.
/// </summary>
/// <param name="whole">The transaction.</param>
internal sealed class SharedTransaction(Sql whole)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Sql> claims = [];
    private List<Question> questions = [];
    private TaskCompletionSource asked = New();

    /// <summary>A part of the transaction.</summary>
    /// <param name="scope">Whom its questions act for; what it posts is sent as the whole transaction acts.</param>
    /// <param name="cancellationToken">Cancelled when its caller no longer waits.</param>
    public Sql NewPart(Scope scope, CancellationToken cancellationToken) => new(this, whole, scope, cancellationToken);

    /// <summary>Runs every piece of work to its end; what fails or not is for its own task to tell.</summary>
    /// <exception cref="DbException">A statement failed, and with it the transaction.</exception>
    public async Task RunAsync(IEnumerable<Func<Task>> work)
    {
        var all = Task.WhenAll(work.Select(each => each()).ToList());
        while (true)
        {
            List<Question> now;
            Task next;
            lock (gate)
            {
                (now, questions) = (questions, []);
                if (asked.Task.IsCompleted)
                    asked = New();
                next = asked.Task;
            }

            if (now.Count > 0)
                await AnswerAsync(now);
            else if (all.IsCompleted)
                break;
            else
                await Task.WhenAny(all, next);
        }

        await all;
    }

    /// <summary>
    /// Hands the posted writes of parts over to the transaction: those of each part in its order, those alike of different parts side
    /// by side, so that they can go as one statement.
    /// </summary>
    public void Keep(IReadOnlyList<Sql> parts)
    {
        var rests = parts.Select(part => new Queue<Posted>(part.Waiting)).ToList();
        while (rests.Find(rest => rest.Count > 0) is { } first)
        {
            var text = first.Peek().Text;
            foreach (var rest in rests.Where(rest => rest.Count > 0 && rest.Peek().Text == text))
                whole.Waiting.Add(rest.Dequeue());
        }
    }

    /// <summary>Takes a thing for a part.</summary>
    /// <exception cref="TakenException">Another part has it.</exception>
    public void Claim(string thing, Sql part)
    {
        lock (gate)
        {
            if (claims.TryAdd(thing, part) || ReferenceEquals(claims[thing], part))
                return;
        }

        throw new TakenException();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task<TAnswer> AskAsync<TAnswer>(Question<TAnswer> question)
    {
        lock (gate)
        {
            questions.Add(question);
            asked.TrySetResult();
        }

        return question.Task;
    }

    private async Task AnswerAsync(List<Question> now)
    {
        try
        {
            await using var batch = whole.NewBatch();
            Scope? scope = null;
            foreach (var question in now)
            {
                if (scope != question.Scope && whole.Dialect.Fence is not null)
                    Statements.AddFence(batch, whole.Dialect, question.Scope);
                scope = question.Scope;
                Statements.Add(batch, question.Before);
                Statements.Add(batch, question.Text, question.Parameters);
                question.Command = batch.BatchCommands[^1];
            }

            await using var reader = await batch.ExecuteReaderAsync(whole.CancellationToken);
            foreach (var question in now.Where(question => question.HasRows))
            {
                question.Read(reader);
                await reader.NextResultAsync(whole.CancellationToken);
            }
        }
        catch (Exception failure)
        {
            now.ForEach(question => question.Fail(failure));
            throw;
        }

        // Here, one after another, each goes on until it asks again.
        now.ForEach(question => question.Answer());
    }

    /// <summary>A statement that waits for its turn.</summary>
    /// <param name="shared">The transaction.</param>
    /// <param name="before">What is to be sent before it.</param>
    internal sealed class Turn(SharedTransaction shared, Scope scope, IReadOnlyList<Posted> before)
    {
        public Task<List<T>> ListAsync<T>(string text, object? parameters) =>
            shared.AskAsync(new Rows<T>(scope, text, parameters, before));

        public Task<int> ExecuteAsync(string text, object? parameters) =>
            shared.AskAsync(new Count(scope, text, parameters, before));
    }

    private abstract class Question(Scope scope, string text, object? parameters, IReadOnlyList<Posted> before)
    {
        public Scope Scope => scope;

        public string Text => text;

        public object? Parameters => parameters;

        public IReadOnlyList<Posted> Before => before;

        public abstract bool HasRows { get; }

        public DbBatchCommand? Command { get; set; }

        public abstract void Read(DbDataReader reader);

        public abstract void Answer();

        public abstract void Fail(Exception failure);
    }

    private abstract class Question<TAnswer>(Scope scope, string text, object? parameters, IReadOnlyList<Posted> before)
        : Question(scope, text, parameters, before)
    {
        // The one who asked goes on inside Answer, on the thread that all take turns on.
        private readonly TaskCompletionSource<TAnswer> answer = new();

        public Task<TAnswer> Task => answer.Task;

        protected abstract TAnswer Value { get; }

        public override void Answer() => answer.TrySetResult(Value);

        public override void Fail(Exception failure) => answer.TrySetException(failure);
    }

    private sealed class Rows<T>(Scope scope, string text, object? parameters, IReadOnlyList<Posted> before)
        : Question<List<T>>(scope, text, parameters, before)
    {
        private List<T> rows = [];

        public override bool HasRows => true;

        protected override List<T> Value => rows;

        public override void Read(DbDataReader reader) => rows = reader.Parse<T>().AsList();
    }

    private sealed class Count(Scope scope, string text, object? parameters, IReadOnlyList<Posted> before)
        : Question<int>(scope, text, parameters, before)
    {
        public override bool HasRows => false;

        protected override int Value => Command!.RecordsAffected;

        public override void Read(DbDataReader reader) => throw new NotSupportedException();
    }
}

/// <summary>Another part of the same transaction has taken what this one needs; it is to be run in a later transaction.</summary>
internal sealed class TakenException : Exception;
