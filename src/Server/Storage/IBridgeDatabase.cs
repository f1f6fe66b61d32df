using System.Data.Common;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// The database behind the bridge: one SQL, one of two engines. A change is one transaction, committed and on disk when
/// <see cref="WriteAsync{T}"/> returns.
/// </summary>
public interface IBridgeDatabase
{
    /// <summary>Brings the database to the newest migration, and checks that it can be trusted with what is to be kept.</summary>
    /// <exception cref="InvalidOperationException">It cannot; the message names the setting and the cure.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Opens a connection to read from.</summary>
    /// <param name="scope">Whom the reads act for.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken);

    /// <summary>Runs one write transaction; an exception, or <see cref="Sql.Undo"/>, undoes all of it.</summary>
    /// <param name="scope">Whom the change acts for.</param>
    /// <param name="work">What to do. It is done again from the start where the engine gave it up in favour of another's.</param>
    /// <param name="cancellationToken">Gives up before the commit; a commit that has begun is seen through.</param>
    Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>
    /// A number that has changed since it was last asked for if an account or a key has: at once for a change that this process made,
    /// within some milliseconds for another's. It may change without. Every call asks for it, so it costs far less than a query.
    /// </summary>
    long AccountsMark();

    /// <summary>
    /// Tells the other servers on this database a word, soon after and outside of any transaction. A hint: it may be lost, and the same
    /// word told again before it has left is told once.
    /// </summary>
    /// <param name="channel">Letters, digits and underscores.</param>
    /// <param name="word">One line, less than 1,000 bytes.</param>
    void Tell(string channel, string word);

    /// <summary>Hears what other servers tell; to be said before <see cref="PrepareAsync"/>.</summary>
    /// <param name="channel">Letters, digits and underscores.</param>
    /// <param name="heard">Takes each word, quickly.</param>
    /// <param name="deaf">Called when words may have been lost.</param>
    void Hear(string channel, Action<string> heard, Action deaf);

    /// <summary>Whether a failure means that the database is out of reach, busy or full, so that the same call may pass later.</summary>
    bool IsOutage(Exception failure);

    /// <summary>Whether a failure means that a text given cannot be kept: it holds U+0000.</summary>
    bool IsOfText(DbException failure);
}
