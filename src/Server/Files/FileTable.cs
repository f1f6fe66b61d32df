using System.Security.Cryptography;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Files;

/// <summary>Files: a row for each one given, its content once for each SHA-256.</summary>
public static class FileTable
{
    // A statement takes a limited number of parameters, and a request may name any number of files.
    private const int MostParameters = 500;

    private const string Columns = "f.file_id, f.name, f.media_type, f.size_bytes, f.sha256, f.origin, f.created_at";

    /// <summary>Keeps a file that has been checked.</summary>
    public static async Task<StoredFile> AddFileAsync(
        this Sql sql, string authorityId, string name, byte[] content, FileOrigin origin, DateTimeOffset now)
    {
        var row = new Row
        {
            FileId = Ulids.New(now),
            Name = name,
            MediaType = FileRules.MediaTypeOf(name),
            SizeBytes = content.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            Origin = origin,
            CreatedAt = now.ToMicroseconds(),
        };
        await sql.PostAsync(
            "INSERT INTO blobs (sha256, content) VALUES (@Sha256, @content) ON CONFLICT DO NOTHING", new { row.Sha256, content });
        await sql.PostAsync(
            """
            INSERT INTO files (file_id, authority_id, sha256, name, media_type, size_bytes, origin, created_at)
            VALUES (@FileId, @authorityId, @Sha256, @Name, @MediaType, @SizeBytes, @Origin, @CreatedAt)
            """,
            new { row.FileId, authorityId, row.Sha256, row.Name, row.MediaType, row.SizeBytes, row.Origin, row.CreatedAt });
        return row.ToContract();
    }

    /// <summary>One file of an authority.</summary>
    /// <exception cref="BridgeException">FILE_NOT_FOUND, also for another authority's file.</exception>
    public static async Task<StoredFile> GetFileAsync(this Sql sql, string authorityId, string fileId) =>
        await sql.ListFilesAsync(authorityId, [fileId]) is [var file]
            ? file
            : throw new BridgeException(ErrorReason.FileNotFound, ("file_id", fileId));

    /// <summary>The files of an authority with these ids, in the order of the ids; those that there are not are left out.</summary>
    public static async Task<IReadOnlyList<StoredFile>> ListFilesAsync(
        this Sql sql, string authorityId, IReadOnlyCollection<string> fileIds)
    {
        var byId = new Dictionary<string, Row>();
        foreach (var some in fileIds.Distinct().Chunk(MostParameters))
        {
            var rows = await sql.ListAsync<Row>(
                $"SELECT {Columns} FROM files f WHERE f.authority_id = @authorityId AND {sql.Dialect.In("f.file_id", "some")}", new { authorityId, some });
            foreach (var row in rows)
                byId.Add(row.FileId, row);
        }

        return [.. fileIds.Where(byId.ContainsKey).Select(id => byId[id].ToContract())];
    }

    /// <summary>Opens the content with this SHA-256 and has it read as a stream, from so many bytes after its start.</summary>
    public static async Task ReadContentAsync(this Sql sql, string sha256, long offset, Func<Stream, Task> read)
    {
        await using var reader = await sql.ReadAsync(
            $"SELECT {sql.Dialect.Content} FROM blobs WHERE sha256 = @sha256", new { sha256, start = (int)offset + 1 });
        if (!await reader.ReadAsync(sql.CancellationToken))
            throw new InvalidOperationException($"The content {sha256} is named by a file and is not there");

        await using var content = reader.GetStream(0);
        if (sql.Dialect.SeeksContent)
            content.Seek(offset, SeekOrigin.Begin);
        await read(content);
    }

    /// <summary>The files that a list names; those that there are not, or are named twice, become problems.</summary>
    public static Task<IReadOnlyList<StoredFile>> CheckFilesAsync(
        this Sql sql, FieldRules rules, string authorityId, string field, IReadOnlyList<string> fileIds, bool required = false)
    {
        rules.Count(field, fileIds.Count, FileRules.MostFiles);
        if (required)
            rules.Required(field, fileIds.Count > 0);

        var named = fileIds.Take(FileRules.MostFiles).Select((id, index) => (Path: $"{field}[{index}]", Id: id)).ToList();
        foreach (var (path, _) in named.Except(named.DistinctBy(file => file.Id)))
            rules.Add(path, FieldProblemCode.Duplicate, "同一文件重复。", "The same file is named twice.");
        return sql.FindFilesAsync(rules, authorityId, [.. named.DistinctBy(file => file.Id)]);
    }

    /// <summary>The files that fields name, each by its path; those that there are not become problems.</summary>
    public static async Task<IReadOnlyList<StoredFile>> FindFilesAsync(
        this Sql sql, FieldRules rules, string authorityId, IReadOnlyList<(string Path, string Id)> named)
    {
        var files = await sql.ListFilesAsync(authorityId, [.. named.Select(file => file.Id).Distinct()]);
        var known = files.Select(file => file.FileId).ToHashSet();
        foreach (var (path, id) in named.Where(file => !known.Contains(file.Id)))
            rules.Add(path, FieldProblemCode.FileNotFound, $"没有编号为 {id} 的文件，请先上传。", $"There is no file {id}; upload it first.");
        return files;
    }

    /// <summary>The files that Customs sent with an act, in order.</summary>
    public static async Task<IEnumerable<StoredFile>> ListCustomsFilesAsync(
        this Sql sql, string caseId, CustomsFileRole role, int round = 0)
    {
        var rows = await sql.ListAsync<Row>(
            $"""
            SELECT {Columns} FROM customs_files c JOIN files f ON f.file_id = c.file_id
            WHERE c.case_id = @caseId AND c.role = @role AND c.round = @round ORDER BY c.position
            """,
            new { caseId, role = RoleName(role), round });
        return rows.Select(row => row.ToContract());
    }

    /// <summary>Keeps the files that Customs sent with an act, by the same rules as every other file.</summary>
    /// <exception cref="BridgeException">A file is not allowed.</exception>
    public static async Task<IReadOnlyList<StoredFile>> AddCustomsFilesAsync(
        this Sql sql, string authorityId, IReadOnlyList<CustomsFile> files, DateTimeOffset now)
    {
        var kept = new List<StoredFile>();
        Check(files);
        foreach (var file in files)
            kept.Add(await sql.AddFileAsync(authorityId, file.Name, file.Content.ToArray(), FileOrigin.Customs, now));

        return kept;
    }

    /// <summary>Checks the files that Customs sent.</summary>
    /// <exception cref="BridgeException">A file is not allowed.</exception>
    public static void Check(IReadOnlyList<CustomsFile> files)
    {
        for (var index = 0; index < files.Count; index++)
        {
            var (file, field) = (files[index], $"files[{index}]");
            FileRules.CheckSize(file.Content.Length);
            FileRules.CheckName(file.Name, $"{field}.name");
            FileRules.CheckContent(file.Name, file.Content.Span, FileLimits.UsualPixels, $"{field}.content");
        }
    }

    /// <summary>Says what files that Customs sent are for.</summary>
    public static async Task AssignCustomsFilesAsync(
        this Sql sql, string caseId, CustomsFileRole role, IReadOnlyList<StoredFile> files, int round = 0)
    {
        for (var position = 0; position < files.Count; position++)
        {
            await sql.PostAsync(
                "INSERT INTO customs_files (case_id, role, round, position, file_id) VALUES (@caseId, @role, @round, @position, @FileId)",
                new { caseId, role = RoleName(role), round, position, files[position].FileId });
        }
    }

    /// <summary>The file as it goes with a submission.</summary>
    public static Attachment ToAttachment(this StoredFile file) => new(file.Name, file.MediaType, file.SizeBytes, file.Sha256);

    private static string RoleName(CustomsFileRole role) => role.ToString().ToLowerInvariant();

    private sealed class Row
    {
        public string FileId { get; init; } = "";

        public string Name { get; init; } = "";

        public string MediaType { get; init; } = "";

        public long SizeBytes { get; init; }

        public string Sha256 { get; init; } = "";

        public FileOrigin Origin { get; init; }

        public long CreatedAt { get; init; }

        public StoredFile ToContract() => new()
        {
            FileId = FileId,
            Name = Name,
            MediaType = MediaType,
            SizeBytes = SizeBytes,
            Sha256 = Sha256,
            Origin = Origin,
            CreateTime = Times.ToTimestamp(CreatedAt),
        };
    }
}

/// <summary>What a file that Customs sent is for.</summary>
public enum CustomsFileRole
{
    /// <summary>The signed protocol.</summary>
    Protocol,

    /// <summary>A confirmed certificate form.</summary>
    Certificate,

    /// <summary>What goes with a rectification's requirements, by round.</summary>
    Rectification,

    /// <summary>What came with the start of a review.</summary>
    Review,
}
