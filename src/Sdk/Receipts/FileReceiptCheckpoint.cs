using System.Text;

namespace SingleWindowBridge;

/// <summary>Keeps a consumer's place in a small file of its own. The cursor is written aside, flushed to the disk and renamed
/// into place, so that the file has the old cursor or the new one, whole. One consumer, one file.</summary>
public sealed class FileReceiptCheckpoint : IReceiptCheckpoint, IDisposable
{
    private readonly string _path;
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Keeps the place in this file, which need not exist yet; its folder must.</summary>
    /// <param name="path">The file.</param>
    public FileReceiptCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
    }

    /// <summary>Gives the cursor kept last, or null where there is no file.</summary>
    /// <param name="cancellationToken">Gives the reading up.</param>
    /// <exception cref="InvalidDataException">The file holds no cursor. Somebody else wrote it: look before you begin
    /// anew.</exception>
    public async ValueTask<string?> LoadAsync(CancellationToken cancellationToken = default)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(_path, Encoding.UTF8, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        var cursor = text.Trim();
        return cursor.Length > 0 ? cursor : throw new InvalidDataException($"{_path} holds no cursor.");
    }

    /// <summary>Keeps a cursor: when this returns, it is on the disk.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="cancellationToken">Gives the writing up; the cursor kept before is then whole.</param>
    /// <exception cref="IOException">The file cannot be written; the cursor kept before is whole.</exception>
    public async ValueTask SaveAsync(string cursor, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cursor);
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var aside = _path + ".new";
            var file = new FileStream(aside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write });
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(cursor + "\n"), cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, _path, overwrite: true);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Frees what the checkpoint holds; the file stays.</summary>
    public void Dispose() => _one.Dispose();
}
