-- Many requests are looked for at once, by their ids alone.
CREATE TABLE requests_by_id (
    authority_id TEXT NOT NULL REFERENCES authorities,
    request_id   TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    answer       BLOB NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (request_id, authority_id)
);
INSERT INTO requests_by_id SELECT authority_id, request_id, content_hash, answer, created_at FROM requests;
DROP TABLE requests;
ALTER TABLE requests_by_id RENAME TO requests;
