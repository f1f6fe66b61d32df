-- What an account has uploaded, and what a case has sent to Customs beside its application form, for the quotas.
CREATE TABLE file_usage (
    authority_id TEXT COLLATE "C" PRIMARY KEY REFERENCES authorities,
    files        BIGINT NOT NULL,
    bytes        BIGINT NOT NULL
);
INSERT INTO file_usage (authority_id, files, bytes)
SELECT authority_id, COUNT(*), CAST(SUM(size_bytes) AS BIGINT) FROM files WHERE origin = 1 GROUP BY authority_id;
CALL fence('file_usage');

CREATE TABLE case_files (
    case_id    TEXT COLLATE "C" NOT NULL REFERENCES cases ON DELETE CASCADE,
    sha256     TEXT COLLATE "C" NOT NULL,
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (case_id, sha256)
);
CALL fence('case_files');
