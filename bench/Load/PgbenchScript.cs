namespace SingleWindowBridge.Bench.Load;

/// <summary>
/// The transaction of a submission as pgbench sends it: the same reads, locks and rows as the server's, with contents of the same
/// sizes, behind the same fence and with the server's role.
/// </summary>
internal static class PgbenchScript
{
    private const string Body =
        """
        INSERT INTO cases (case_id, number, authority_id, kind, category, products, summary, stage, status, version, created_at,
            submitted_at, updated_at, failure_reason, declined, opinion, opinion_event, opinion_stage, opinion_at, submitted)
        SELECT {case}, '299901' || lpad(CAST(nextval('bench_numbers') AS TEXT), 12, '0'), {authority}, 1, 'FROZEN_FRUIT', 'FROZEN_FRUIT_ALL',
            summary, 1, 2, 1, 1790000000000000, 1790000000000000, 1790000000000000, '', FALSE, '', 0, 0, 0, submitted FROM bench_sample;
        INSERT INTO applications (case_id, form) SELECT {case}, form FROM bench_sample;
        INSERT INTO outbox (message_id, authority_id, case_id, content, moves_case, delivery, attempts, state, due_at, created_at)
        SELECT {message}, {authority}, {case}, outgoing, TRUE, 1, 0, 0, 4790000000000000, 1790000000000000 FROM bench_sample;
        INSERT INTO receipts (authority_id, number, case_id, content) SELECT {authority}, {number}, {case}, receipt FROM bench_sample;
        INSERT INTO timeline (case_id, sequence, at, actor, event, stage, status, opinion, opinion_stage, failure_reason, receipt_number)
        VALUES ({case}, 1, 1790000000000000, 1, 2, 1, 2, '', 0, '', {number});
        INSERT INTO requests (authority_id, request_id, content_hash, answer, created_at)
        SELECT {authority}, {request}, content_hash, answer, 1790000000000000 FROM bench_sample;
        INSERT INTO audit (authority_id, number, at, actor, credential, remote, action, case_id, request_id, request_hash, outcome, previous_hash, hash)
        SELECT {authority}, {row}, 1790000000000000, 'AUTHORITY', credential, remote, action, {case}, {request}, request_hash, outcome,
            audit_hash, audit_hash FROM bench_sample;
        UPDATE feeds SET head = {number}, audit_number = {row}, audit_hash = (SELECT audit_hash FROM bench_sample) WHERE authority_id = {authority};
        """;

    /// <summary>Statement by statement.</summary>
    public static string Statements =>
        $"""
        \set authority random(1, :authorities)
        BEGIN;
        CALL act_for('bench-' || :authority);
        SELECT head + 1 AS number, audit_number + 1 AS row, CAST(gen_random_uuid() AS TEXT) AS case_id, CAST(gen_random_uuid() AS TEXT) AS message,
            CAST(gen_random_uuid() AS TEXT) AS request FROM feeds WHERE authority_id = 'bench-' || :authority FOR UPDATE \gset
        SELECT content_hash, answer FROM requests WHERE authority_id = 'bench-' || :authority AND request_id = :request;
        SELECT file_id, name, media_type, size_bytes, sha256, origin, created_at FROM files
            WHERE authority_id = 'bench-' || :authority AND file_id = 'file-' || :authority;
        {Fill(":case_id", "'bench-' || :authority", ":message", "CAST(:number AS BIGINT)", "CAST(:row AS BIGINT)", ":request")}
        COMMIT;
        """;

    /// <summary>As one call of a function.</summary>
    public static string Function =>
        """
        \set authority random(1, :authorities)
        SELECT bench_submit(:authority);
        """;

    /// <summary>Makes what the scripts need, from a submission that the server has made.</summary>
    public static async Task PrepareAsync(BenchCluster cluster) => await BenchCluster.ExecuteAsync(
        cluster.Owner,
        "CREATE SEQUENCE bench_numbers CACHE 32",
        """
        CREATE TABLE bench_sample AS
        SELECT c.summary, c.submitted, a.form, o.content AS outgoing, r.content AS receipt, q.content_hash, q.answer, d.credential, d.remote, d.action,
            d.request_hash, d.outcome, d.hash AS audit_hash
        FROM cases c JOIN applications a USING (case_id) JOIN outbox o USING (case_id)
            JOIN receipts r ON r.authority_id = c.authority_id AND r.case_id = c.case_id
            JOIN audit d ON d.case_id = c.case_id
            CROSS JOIN LATERAL (SELECT * FROM requests WHERE authority_id = c.authority_id LIMIT 1) q
        LIMIT 1
        """,
        "GRANT SELECT ON bench_sample TO bridge_server",
        "GRANT USAGE ON SEQUENCE bench_numbers TO bridge_server",
        $"""
        CREATE FUNCTION bench_submit(nth BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
        DECLARE
            authority TEXT := 'bench-' || nth;
            new_case TEXT := gen_random_uuid();
            new_message TEXT := gen_random_uuid();
            new_request TEXT := gen_random_uuid();
            new_number BIGINT;
            new_row BIGINT;
        BEGIN
            PERFORM set_config('bridge.authority', authority, true);
            SELECT head + 1, audit_number + 1 INTO new_number, new_row FROM feeds WHERE authority_id = authority FOR UPDATE;
            PERFORM content_hash, answer FROM requests WHERE authority_id = authority AND request_id = new_request;
            PERFORM file_id, name, media_type, size_bytes, sha256, origin, created_at FROM files
                WHERE authority_id = authority AND file_id = 'file-' || nth;
            {Fill("new_case", "authority", "new_message", "new_number", "new_row", "new_request")}
            RETURN new_number;
        END $$
        """);

    private static string Fill(string @case, string authority, string message, string number, string row, string request) => Body
        .Replace("{case}", @case, StringComparison.Ordinal).Replace("{authority}", authority, StringComparison.Ordinal)
        .Replace("{message}", message, StringComparison.Ordinal).Replace("{number}", number, StringComparison.Ordinal)
        .Replace("{row}", row, StringComparison.Ordinal).Replace("{request}", request, StringComparison.Ordinal);
}
