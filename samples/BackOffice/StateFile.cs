using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackOffice;

/// <summary>Keeps a case's state on the disk. Every change is written aside, flushed and renamed into place, so that the file
/// has the old state or the new one, whole, wherever the process is killed. One process at a time holds it.</summary>
public sealed class StateFile : IDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly string _path;
    private readonly FileStream _lock;

    private StateFile(string path, FileStream held)
    {
        _path = path;
        _lock = held;
        State = ReadState(path);
    }

    /// <summary>The state as it is on the disk. Change it through <see cref="Change"/>.</summary>
    public FiledCase State { get; private set; }

    /// <summary>Opens the state of one input, or begins it.</summary>
    /// <param name="folder">The folder of states.</param>
    /// <param name="inputPath">The input; its full path tells inputs of one name apart.</param>
    /// <param name="purpose">Tells states of one input apart; empty for the case that it files.</param>
    /// <exception cref="BackOfficeException">Another process holds it, or it cannot be read.</exception>
    public static StateFile Open(string folder, string inputPath, string purpose = "")
    {
        var full = Path.GetFullPath(inputPath);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..8];
        var path = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(full)}{purpose}-{hash}.json");
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(folder);
            held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new StateFile(path, held);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            held?.Dispose();
            throw new BackOfficeException(
                $"The state {path} cannot be opened; does another process follow this case? {exception.Message}", exception);
        }
    }

    /// <summary>Changes the state. When this returns, it is on the disk.</summary>
    public void Change(Action<FiledCase> change)
    {
        change(State);
        var aside = _path + ".new";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, State, Format);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, _path, overwrite: true);
    }

    /// <summary>The request id of a change: made at the first asking, the same ever after.</summary>
    /// <param name="change">What names the change, once and for all.</param>
    public Guid RequestId(string change)
    {
        if (!State.Requests.TryGetValue(change, out var id))
            Change(state => state.Requests.Add(change, id = Guid.NewGuid()));
        return id;
    }

    /// <summary>Begins anew. The state until now stays beside, under the name of its case.</summary>
    public void BeginAnew()
    {
        if (File.Exists(_path))
            File.Move(_path, $"{Path.ChangeExtension(_path, null)}.{State.CaseId ?? "unopened"}.json", overwrite: true);
        State = new FiledCase();
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FiledCase ReadState(string path)
    {
        if (!File.Exists(path))
            return new FiledCase();
        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize<FiledCase>(file, Format) ?? throw new JsonException("It holds nothing.");
    }
}
