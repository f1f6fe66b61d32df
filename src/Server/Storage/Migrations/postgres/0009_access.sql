-- All who call have an account: authorities, the far end of the exchange (customs) and operators.
ALTER TABLE authorities ADD COLUMN role INTEGER NOT NULL DEFAULT 1;                -- singlewindow.admin.v1.AccountRole
ALTER TABLE authorities ADD COLUMN category_scope TEXT NOT NULL DEFAULT '';        -- category codes, separated by commas
ALTER TABLE authorities ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE authorities ADD COLUMN required_credential INTEGER NOT NULL DEFAULT 1; -- singlewindow.admin.v1.RequiredCredential
ALTER TABLE authorities ADD COLUMN version BIGINT NOT NULL DEFAULT 1;              -- the etag
ALTER TABLE authorities ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE authorities SET updated_at = created_at;

ALTER TABLE api_keys ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN expires_at BIGINT;                                 -- NULL for never
ALTER TABLE api_keys ADD COLUMN revoked_at BIGINT;                                 -- NULL for not
CREATE INDEX api_keys_by_account ON api_keys (authority_id);

-- A certificate is known by its thumbprint, or by its names; "known_by" says both in one text, so that no two accounts have the same.
CREATE TABLE certificates (
    certificate_id TEXT COLLATE "C" PRIMARY KEY,   -- a ULID
    authority_id   TEXT COLLATE "C" NOT NULL REFERENCES authorities,
    known_by       TEXT COLLATE "C" NOT NULL UNIQUE,
    thumbprint     TEXT NOT NULL,                  -- SHA-256, lower-case hexadecimal; empty where the names count
    subject        TEXT NOT NULL,
    issuer         TEXT NOT NULL,
    note           TEXT NOT NULL,
    created_at     BIGINT NOT NULL
);
CREATE INDEX certificates_by_account ON certificates (authority_id);
CALL fence('certificates');
CREATE TRIGGER accounts_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON certificates EXECUTE FUNCTION accounts_changed();

-- When a key (by its hash) or a certificate (by its id) was last used. A table of its own: it changes nothing of an account.
CREATE TABLE credential_uses (
    credential   TEXT COLLATE "C" PRIMARY KEY,
    authority_id TEXT COLLATE "C" NOT NULL,
    used_at      BIGINT NOT NULL
);
CALL fence('credential_uses');

-- The changes that operators have made, by request id, with the answers that they were given, secrets left out.
CREATE TABLE operator_requests (
    request_id   TEXT COLLATE "C" PRIMARY KEY,
    content_hash TEXT NOT NULL,
    answer       BYTEA NOT NULL,
    operator     TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);
CALL fence('operator_requests');
