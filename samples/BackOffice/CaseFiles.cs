using System.Security.Cryptography;
using SingleWindowBridge;

namespace BackOffice;

/// <summary>Moves a case's files: the authority's to the bridge, those of Customs to the disk.</summary>
public sealed class CaseFiles(ISingleWindowClient client, StateFile file, string inputFolder, string outFolder)
{
    /// <summary>Uploads files that were not uploaded yet, and gives the ids of all.</summary>
    /// <param name="paths">The files, as the input names them.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<IReadOnlyList<string>> UploadAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        foreach (var path in paths)
            ids.Add(await UploadAsync(path, cancellationToken));
        return ids;
    }

    /// <summary>Uploads a file, once: the same content under the same name keeps its id.</summary>
    /// <param name="path">The file, as the input names it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<string> UploadAsync(string path, CancellationToken cancellationToken)
    {
        var content = await File.ReadAllBytesAsync(Path.Combine(inputFolder, path), cancellationToken);
        var name = Path.GetFileName(path);
        var key = $"{Convert.ToHexStringLower(SHA256.HashData(content))} {name}";
        if (file.State.Uploads.TryGetValue(key, out var known))
            return known;

        var options = new UploadOptions { RequestId = file.RequestId($"upload {key}") };
        var uploaded = await client.Files.UploadAsync(new MemoryStream(content), name, options, cancellationToken);
        file.Change(state => state.Uploads[key] = uploaded.Id);
        return uploaded.Id;
    }

    /// <summary>Saves what Customs delivered and was not saved yet: the signed protocol and the certificate forms.</summary>
    /// <param name="details">The case.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task SaveAsync(CaseDetails details, CancellationToken cancellationToken)
    {
        foreach (var stored in details.ProtocolFiles.Concat(details.CertificateFiles))
        {
            if (file.State.Saved.TryGetValue(stored.Id, out var saved) && File.Exists(saved))
                continue;
            var folder = Directory.CreateDirectory(Path.Combine(outFolder, details.Case.Number!)).FullName;
            var path = Path.Combine(folder, SafeName(stored));
            await client.Files.DownloadAsync(stored.Id, path, cancellationToken: cancellationToken);
            file.Change(state => state.Saved[stored.Id] = path);
        }
    }

    // The name comes from outside: it must not lead out of the folder, and two files of one name must not meet.
    private string SafeName(StoredFile stored)
    {
        var safe = stored.Name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ' ' ? c : '_');
        var name = string.Concat(safe).TrimStart('.');
        var taken = file.State.Saved.Any(saved => saved.Key != stored.Id && Path.GetFileName(saved.Value) == name);
        return taken || name.Length == 0 ? $"{stored.Id}-{name}" : name;
    }
}
