using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>
/// The way of the Single Window's import client: messages are files in folders that both sides share (docs/customs-exchange.md).
/// Several servers may send over the same folders; one at a time takes in, and another takes over when that one ends.
/// </summary>
/// <remarks>
/// A submission counts as handed over when its communication receipt with code 0 has come: a file in OutBox alone is in nobody's
/// hands yet. The receipt is kept in the folders, so that a submission which is sent again is answered as it was the first time.
/// </remarks>
public sealed class DirectoryChannel : ICustomsChannel, IDisposable
{
    private readonly DirectoryOptions _options;
    private readonly TimeProvider _time;
    private readonly Folders _folders;
    private readonly FolderLock _turn;
    private readonly Outgoing _outgoing;
    private readonly InBox _inBox;
    private readonly Retention _retention;
    private readonly SemaphoreSlim _lock = new(1, 1);
    private FileSystemWatcher? _watcher;
    private long _lastScan;
    private bool _isMade;
    private volatile bool _hint = true;
    private volatile TaskCompletionSource _changed = NewSignal();

    /// <summary>Makes the channel. Nothing is read or written before the first call.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="files">Where the content of submissions' files is.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">An option cannot be.</exception>
    public DirectoryChannel(DirectoryOptions options, IAttachmentSource files, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Folder, "Folder");
        foreach (var span in (TimeSpan[])[options.AnswerWait, options.PollEvery, options.Retention, options.FailRetention, options.StuckAfter])
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero, nameof(options));
        _options = options;
        _time = time;
        _folders = new Folders(Path.GetFullPath(options.Folder));
        _turn = new FolderLock(Path.Combine(_folders.TempBox, ".turn"));
        _outgoing = new Outgoing(_folders, options, files);
        _inBox = new InBox(_folders, options, time);
        _retention = new Retention(_folders, options.Retention, options.FailRetention, time);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Waits for the communication receipt, for at most <see cref="DirectoryOptions.AnswerWait"/>; send several at once where there
    /// are many. A later call goes on waiting for the file that still lies in OutBox, or writes the next attempt where it was refused.
    /// </remarks>
    public async Task SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        var id = submission.MessageId.ToUpperInvariant();
        // What came since the last look may be the answer already.
        _hint = true;
        var answer = await AnswerAsync(id, 0, cancellationToken);
        if (answer is { Taken: true }) return;
        var attempt = _folders.LatestAttempt(id);
        if (attempt == 0 || answer is not null || !_folders.IsWaiting(id, attempt))
            await _outgoing.PutAsync(submission, ++attempt, cancellationToken);

        var started = _time.GetTimestamp();
        while ((answer = await AnswerAsync(id, attempt, cancellationToken)) is null)
        {
            var rest = _options.AnswerWait - _time.GetElapsedTime(started);
            if (rest <= TimeSpan.Zero)
            {
                throw new CustomsUnavailableException(
                    "海关数据交换客户端尚未取走报文，报文仍在发件目录中。 The exchange client has not answered; the message still lies in its folder.");
            }

            await PauseAsync(rest, cancellationToken);
        }

        if (answer.Taken) return;
        throw new CustomsUnavailableException(
            $"海关数据交换客户端拒收，代码 {answer.ResponseCode}：{answer.ResponseMessage} "
            + $"The exchange client refused the message with code {answer.ResponseCode}: {answer.ResponseMessage}");
    }

    /// <inheritdoc/>
    /// <remarks>
    /// By time, then by sequence. A file that cannot be read, or fits nothing that was sent, is given as an
    /// <see cref="Unreadable"/>; acknowledging it puts the file into FailBox with its reason. While another server takes in, this
    /// one waits. Give an unreadable back with <see cref="RetryAsync"/>.
    /// </remarks>
    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        while (true)
        {
            var given = await WithTurnAsync(
                () =>
                {
                    _retention.Apply();
                    return _inBox.Give(max);
                },
                cancellationToken);
            if (given is { Count: > 0 }) return given;
            await PauseAsync(_options.PollEvery, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken) => WithTurnAsync<object>(
        () =>
        {
            _inBox.Acknowledge(receipt);
            return null;
        },
        cancellationToken);

    /// <summary>Puts a file that lies in FailBox back into InBox, so that it is read again.</summary>
    /// <param name="source">The file's name, as <see cref="Unreadable.Source"/> has it or as it is in FailBox.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there was such a file, and this server is the one that takes in.</returns>
    public async Task<bool> RetryAsync(string source, CancellationToken cancellationToken)
    {
        var done = await WithTurnAsync(() => _inBox.Retry(source) ? "" : null, cancellationToken) is not null;
        if (done) Hint();
        return done;
    }

    /// <summary>
    /// Whether the folders are there, can be written to and have space, and the far end takes what lies in OutBox: no file there is
    /// older than <see cref="DirectoryOptions.StuckAfter"/>.
    /// </summary>
    public async Task<bool> IsReachableAsync(CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            Make();
            var probe = _folders.NewTemp("probe");
            await File.WriteAllBytesAsync(probe, [], cancellationToken);
            File.Delete(probe);
            var stuck = (_time.GetUtcNow() - _options.StuckAfter).UtcDateTime;
            return new DriveInfo(_folders.Root).AvailableFreeSpace >= _options.FreeBytes
                && !Directory.EnumerateFiles(_folders.OutBox).Any(path => File.GetLastWriteTimeUtc(path) < stuck);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watcher?.Dispose();
        _turn.Dispose();
        _lock.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer to an attempt, or to the latest where none is named; that some attempt was taken goes before all else.</summary>
    private async Task<CommunicationReceipt?> AnswerAsync(string messageId, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            await WithTurnAsync<object>(() => null, cancellationToken);
            return _inBox.AnswerTo(messageId, attempt > 0 ? attempt : _folders.LatestAttempt(messageId));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CustomsUnavailableException(
                "海关数据交换目录无法访问。 The folders of the exchange with Customs cannot be reached.", fault);
        }
    }

    /// <summary>Looks at InBox where it is time to, and does something about it, if it is this server's turn to take in.</summary>
    private async Task<T?> WithTurnAsync<T>(Func<T?> act, CancellationToken cancellationToken)
        where T : class
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            Make();
            if (!_turn.TryTake())
            {
                // Another server takes in; what changes here is for that one to see.
                _hint = false;
                return null;
            }

            if (_hint || _time.GetElapsedTime(_lastScan) >= _options.PollEvery)
            {
                _hint = false;
                _inBox.Scan();
                _lastScan = _time.GetTimestamp();
            }

            return act();
        }
        finally
        {
            _lock.Release();
        }
    }

    private void Make()
    {
        if (_isMade && Directory.Exists(_folders.TempBox)) return;
        _folders.Make();
        _isMade = true;
        if (_watcher is not null) return;
        try
        {
            _watcher = new FileSystemWatcher(_folders.InBox) { NotifyFilter = NotifyFilters.FileName };
            _watcher.Created += (_, _) => Hint();
            _watcher.Renamed += (_, _) => Hint();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The system has no watcher to give; the folder is looked at from time to time all the same.
        }
    }

    private void Hint()
    {
        _hint = true;
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private async Task PauseAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        var changed = _changed.Task;
        if (_hint) return;
        await changed.WaitAsync(most < _options.PollEvery ? most : _options.PollEvery, _time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
