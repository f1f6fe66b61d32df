-- What an account has uploaded, and what a case has sent to Customs beside its application form, for the quotas.
CREATE TABLE file_usage (
    authority_id TEXT PRIMARY KEY REFERENCES authorities,
    files        BIGINT NOT NULL,
    bytes        BIGINT NOT NULL
);
INSERT INTO file_usage (authority_id, files, bytes)
SELECT authority_id, COUNT(*), SUM(size_bytes) FROM files WHERE origin = 1 GROUP BY authority_id;

CREATE TABLE case_files (
    case_id    TEXT NOT NULL REFERENCES cases ON DELETE CASCADE,
    sha256     TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (case_id, sha256)
);
