using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Storage;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace SingleWindowBridge.Bench.Size;

/// <summary>
/// Fills an empty database as years of use would: cases in the order of their creation, of authorities large and small (the largest
/// of 500 has 4.5 % of all), each with its signed receipts, its history and its rows of the audit, and files of Customs with every tenth.
/// The seed is fixed.
/// </summary>
internal sealed class Generator(string connectionString, Amounts size)
{
    private const string CaseColumns =
        "case_id, number, authority_id, kind, category, products, summary, stage, status, version, created_at, submitted_at, "
        + "updated_at, failure_reason, declined, opinion, opinion_event, opinion_stage, opinion_at";

    private static readonly DateTimeOffset Begin = new(2016, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Categories = ["MEAT", "AQUATIC", "FROZEN_FRUIT", "RICE", "DAIRY"];

    private readonly Random random = new(4);
    private readonly Generated generated = new(size.Authorities);

    /// <summary>The bytes of the database.</summary>
    public static async Task<long> SizeAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_database_size(current_database())", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Fills it, and has it analysed.</summary>
    public async Task<Generated> RunAsync()
    {
        await ExecuteAsync(
            """
            INSERT INTO authorities (authority_id, country, name_zh, name_en, product_scope, sandbox, created_at)
            SELECT 'a' || n, 'AW', '主管当局', 'Authority', 'FROZEN_FRUIT_ALL', TRUE, 0 FROM generate_series(0, $1 - 1) n
            """,
            size.Authorities);
        await ExecuteAsync("INSERT INTO blobs (sha256, content) VALUES (repeat('0', 64), '\\x25504446')");
        await CopyAsync();
        await ExecuteAsync(
            """
            INSERT INTO feeds (authority_id, epoch, head)
            SELECT a.authority_id, 'epoch', COALESCE((SELECT MAX(number) FROM receipts r WHERE r.authority_id = a.authority_id), 0) FROM authorities a
            """);
        await ExecuteAsync("VACUUM (ANALYZE)");
        return generated;
    }

    // What is copied fits together; the engine need not look each reference up.
    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(connectionString + ";Options=-c session_replication_role=replica");
        await connection.OpenAsync();
        return connection;
    }

    private async Task ExecuteAsync(string text, params object[] values)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    private async Task CopyAsync()
    {
        var connections = new List<NpgsqlConnection>();
        NpgsqlBinaryImporter Into(string table, string columns)
        {
            var connection = ConnectAsync().GetAwaiter().GetResult();
            connections.Add(connection);
            return connection.BeginBinaryImport($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)");
        }

        using var cases = Into("cases", CaseColumns);
        using var timeline = Into(
            "timeline", "case_id, sequence, at, actor, event, stage, status, opinion, opinion_stage, failure_reason, receipt_number");
        using var receipts = Into("receipts", "authority_id, number, case_id, content");
        using var audit = Into(
            "audit",
            "authority_id, number, at, actor, credential, remote, action, case_id, request_id, request_hash, outcome, previous_hash, hash");
        using var files = Into("files", "file_id, authority_id, sha256, name, media_type, size_bytes, origin, created_at");
        using var customsFiles = Into("customs_files", "case_id, role, round, position, file_id");
        var heads = new long[size.Authorities];
        for (var index = 0; index < size.Cases; index++)
        {
            var share = random.NextDouble();
            var authority = (int)(size.Authorities * share * share);
            var created = Begin + TimeSpan.FromSeconds(300.0 * index);
            var row = new NewCase(Ulids.New(created), $"{created:yyyyMM}{index + 1:D12}", "a" + authority, created);
            generated.Add(row.CaseId, authority);
            WriteCase(cases, row);
            for (var step = 1; step <= size.ReceiptsPerCase; step++)
            {
                WriteStep(timeline, row, step, heads[authority] + 1);
                WriteReceipt(receipts, row, step, ++heads[authority]);
                WriteAudit(audit, row, step, heads[authority]);
            }

            if (index % 10 == 0)
                WriteFiles(files, customsFiles, row);
        }

        generated.Heads = heads;
        generated.Newest = (Begin + TimeSpan.FromSeconds(300.0 * size.Cases)).ToMicroseconds() + (size.ReceiptsPerCase * 86_400_000_000L);
        foreach (var table in new[] { cases, timeline, receipts, audit, files, customsFiles })
            await table.CompleteAsync();
        foreach (var table in new[] { cases, timeline, receipts, audit, files, customsFiles })
            await table.DisposeAsync();
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private static Stage StageAt(int step) => (Stage)Math.Min(1 + step, 9);

    private void WriteCase(NpgsqlBinaryImporter table, NewCase row)
    {
        var at = row.Created.ToMicroseconds();
        table.StartRow();
        table.Write(row.CaseId);
        table.Write(row.Number);
        table.Write(row.AuthorityId);
        table.Write((int)CaseKind.Assessment);
        table.Write(Categories[random.Next(Categories.Length)]);
        table.Write("FROZEN_FRUIT_ALL");
        table.Write("冷冻蓝莓 frozen blueberries (Vaccinium corymbosum)");
        table.Write((int)StageAt(random.Next(1, size.ReceiptsPerCase + 1)));
        table.Write(random.Next(2, 14));
        table.Write((long)size.ReceiptsPerCase);
        table.Write(at);
        table.Write(at);
        table.Write(at + (size.ReceiptsPerCase * 86_400_000_000L));
        table.Write("");
        table.Write(false);
        table.Write("");
        table.Write(0);
        table.Write(0);
        table.Write(0L);
    }

    private static void WriteStep(NpgsqlBinaryImporter table, NewCase row, int step, long receipt)
    {
        table.StartRow();
        table.Write(row.CaseId);
        table.Write(step);
        table.Write((row.Created + TimeSpan.FromDays(step)).ToMicroseconds());
        table.Write((int)Actor.Customs);
        table.Write((int)CaseEvent.Received);
        table.Write((int)StageAt(step));
        table.Write((int)Status.Received);
        table.Write(step % 5 == 0 ? "请补充检测报告。 Please add the test report." : "");
        table.Write((int)StageAt(step));
        table.Write("");
        table.Write(receipt);
    }

    private void WriteReceipt(NpgsqlBinaryImporter table, NewCase row, int step, long number)
    {
        var receipt = new Receipt
        {
            Number = number,
            CaseId = row.CaseId,
            CaseNumber = row.Number,
            Kind = CaseKind.Assessment,
            Time = Timestamp.FromDateTimeOffset(row.Created + TimeSpan.FromDays(step)),
            Actor = Actor.Customs,
            Event = CaseEvent.Received,
            Stage = StageAt(step),
            Status = Status.Received,
            MessageId = "00000000-0000-0000-0000-000000000000",
            Etag = "1",
            Proof = new ReceiptProof
            {
                Format = 1,
                AuthorityId = row.AuthorityId,
                SubmissionMessageId = "00000000-0000-0000-0000-000000000000",
                ContentSha256 = Convert.ToHexStringLower(Hash()),
                AttachmentSha256S = { Convert.ToHexStringLower(Hash()) },
                AttachmentCount = 1,
                KeyId = "0123456789abcdef0123456789abcdef",
                Path = { new ReceiptProofStep { Sha256 = ByteString.CopyFrom(Hash()) } },
                Signature = ByteString.CopyFrom([.. Hash(), .. Hash(), 0, 0, 0, 0, 0, 0, 0]),
            },
        };
        table.StartRow();
        table.Write(row.AuthorityId);
        table.Write(number);
        table.Write(row.CaseId);
        table.Write(receipt.ToByteArray(), NpgsqlDbType.Bytea);
    }

    private void WriteAudit(NpgsqlBinaryImporter table, NewCase row, int step, long number)
    {
        table.StartRow();
        table.Write(row.AuthorityId);
        table.Write(number);
        table.Write((row.Created + TimeSpan.FromDays(step)).ToMicroseconds());
        table.Write("CUSTOMS");
        table.Write("");
        table.Write("");
        table.Write("RECEIVED");
        table.Write(row.CaseId);
        table.Write("00000000-0000-0000-0000-000000000000");
        table.Write(Convert.ToHexStringLower(Hash()));
        table.Write("APPLICATION/RECEIVED");
        table.Write(Hash(), NpgsqlDbType.Bytea);
        table.Write(Hash(), NpgsqlDbType.Bytea);
    }

    // As long as one, and as hard to compress.
    private byte[] Hash()
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void WriteFiles(NpgsqlBinaryImporter files, NpgsqlBinaryImporter customsFiles, NewCase row)
    {
        foreach (var role in new[] { "protocol", "certificate" })
        {
            var fileId = Ulids.New(row.Created);
            files.StartRow();
            files.Write(fileId);
            files.Write(row.AuthorityId);
            files.Write(new string('0', 64));
            files.Write(role + ".pdf");
            files.Write("application/pdf");
            files.Write(4L);
            files.Write((int)FileOrigin.Customs);
            files.Write(row.Created.ToMicroseconds());
            customsFiles.StartRow();
            customsFiles.Write(row.CaseId);
            customsFiles.Write(role);
            customsFiles.Write(0);
            customsFiles.Write(0);
            customsFiles.Write(fileId);
        }
    }

    private sealed record NewCase(string CaseId, string Number, string AuthorityId, DateTimeOffset Created);
}

/// <summary>What was generated, to draw from.</summary>
internal sealed class Generated(int authorities)
{
    private readonly Random random = new(5);
    private readonly List<(string CaseId, int Authority)> cases = [];

    /// <summary>The newest receipt's number of each authority.</summary>
    public long[] Heads { get; set; } = new long[authorities];

    /// <summary>When the last case was changed, in microseconds.</summary>
    public long Newest { get; set; }

    /// <summary>A case of the largest authority, and the middle of its feed.</summary>
    public Target Largest => new("a0", cases.FindLast(row => row.Authority == 0).CaseId, Heads[0] / 2);

    public void Add(string caseId, int authority) => cases.Add((caseId, authority));

    /// <summary>A case, each as likely: large authorities come more often.</summary>
    public Target Pick()
    {
        var (caseId, authority) = cases[random.Next(cases.Count)];
        return new Target("a" + authority, caseId, random.NextInt64(Heads[authority]));
    }
}

/// <summary>What a query asks for.</summary>
/// <param name="AuthorityId">Whose it is.</param>
/// <param name="CaseId">A case of it.</param>
/// <param name="After">A position in its feed.</param>
internal sealed record Target(string AuthorityId, string CaseId, long After);
