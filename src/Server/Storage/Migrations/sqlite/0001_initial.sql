-- Times are microseconds since 1970-01-01 UTC. Enum columns hold the contract's numbers. Columns named content, form, answers,
-- answer, reply, list and text of type BLOB hold messages of singlewindow.bridge.v1, whose fields only ever grow.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Accounts ------------------------------------------------------------------------------------------------------------------

CREATE TABLE authorities (
    authority_id  TEXT PRIMARY KEY,
    country       TEXT NOT NULL,
    name_zh       TEXT NOT NULL,
    name_en       TEXT NOT NULL,
    product_scope TEXT NOT NULL,               -- product codes, separated by commas
    sandbox       INTEGER NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE api_keys (
    key_hash     TEXT PRIMARY KEY,             -- SHA-256, lower-case hexadecimal
    authority_id TEXT NOT NULL REFERENCES authorities,
    created_at   BIGINT NOT NULL
);

-- Cases ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE cases (
    case_id        TEXT PRIMARY KEY,
    number         TEXT UNIQUE,
    authority_id   TEXT NOT NULL REFERENCES authorities,
    kind           INTEGER NOT NULL,
    category       TEXT NOT NULL,
    products       TEXT NOT NULL,              -- product codes, separated by commas
    summary        TEXT NOT NULL,
    stage          INTEGER NOT NULL,
    status         INTEGER NOT NULL,
    version        BIGINT NOT NULL,            -- the etag
    created_at     BIGINT NOT NULL,
    submitted_at   BIGINT,
    updated_at     BIGINT NOT NULL,
    failure_reason TEXT NOT NULL,
    declined       INTEGER NOT NULL,           -- the authority declined the review
    opinion        TEXT NOT NULL,              -- the newest opinion in the present stage, empty for none
    opinion_event  INTEGER NOT NULL,
    opinion_stage  INTEGER NOT NULL,
    opinion_at     BIGINT NOT NULL
);
CREATE INDEX cases_by_authority ON cases (authority_id, case_id DESC);
CREATE INDEX cases_by_change ON cases (authority_id, updated_at);

CREATE TABLE timeline (
    case_id        TEXT NOT NULL REFERENCES cases ON DELETE CASCADE,
    sequence       INTEGER NOT NULL,
    at             BIGINT NOT NULL,
    actor          INTEGER NOT NULL,
    event          INTEGER NOT NULL,
    stage          INTEGER NOT NULL,
    status         INTEGER NOT NULL,
    opinion        TEXT NOT NULL,
    opinion_stage  INTEGER NOT NULL,           -- the stage that the opinion speaks of
    failure_reason TEXT NOT NULL,
    receipt_number BIGINT NOT NULL,
    PRIMARY KEY (case_id, sequence)
);

CREATE TABLE applications (
    case_id TEXT PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    form    BLOB NOT NULL
);

CREATE TABLE questionnaires (
    case_id          TEXT PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    template_id      TEXT NOT NULL,
    template_version INTEGER NOT NULL,
    opened_at        BIGINT NOT NULL,
    answers          BLOB NOT NULL
);

CREATE TABLE rectifications (
    case_id      TEXT NOT NULL REFERENCES cases ON DELETE CASCADE,
    round        INTEGER NOT NULL,
    number       TEXT NOT NULL,
    required_at  BIGINT NOT NULL,
    requirements TEXT NOT NULL,
    opinion      TEXT NOT NULL,
    answer       BLOB,
    submitted_at BIGINT,
    PRIMARY KEY (case_id, round)
);

CREATE TABLE negotiation_entries (
    case_id TEXT NOT NULL REFERENCES cases ON DELETE CASCADE,
    topic   INTEGER NOT NULL,
    round   INTEGER NOT NULL,
    party   INTEGER NOT NULL,
    state   INTEGER NOT NULL,
    at      BIGINT NOT NULL,
    reply   BLOB NOT NULL,                     -- a NegotiationReply: text and files
    PRIMARY KEY (case_id, topic, round, party)
);

CREATE TABLE negotiation_drafts (
    case_id TEXT NOT NULL REFERENCES cases ON DELETE CASCADE,
    topic   INTEGER NOT NULL,
    reply   BLOB NOT NULL,
    PRIMARY KEY (case_id, topic)
);

CREATE TABLE signatories (
    case_id      TEXT PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    list         BLOB NOT NULL,
    submitted_at BIGINT NOT NULL
);

-- Files ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE blobs (
    sha256  TEXT PRIMARY KEY,
    content BLOB NOT NULL
);

CREATE TABLE files (
    file_id      TEXT PRIMARY KEY,
    authority_id TEXT NOT NULL REFERENCES authorities,
    sha256       TEXT NOT NULL REFERENCES blobs,
    name         TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    size_bytes   BIGINT NOT NULL,
    origin       INTEGER NOT NULL,
    created_at   BIGINT NOT NULL
);

-- The files that Customs sent with an act: role "protocol", "certificate" or "rectification"; round for the last, else 0.
CREATE TABLE customs_files (
    case_id  TEXT NOT NULL REFERENCES cases ON DELETE CASCADE,
    role     TEXT NOT NULL,
    round    INTEGER NOT NULL,
    position INTEGER NOT NULL,
    file_id  TEXT NOT NULL REFERENCES files,
    PRIMARY KEY (case_id, role, round, position)
);

-- The feed of receipts ------------------------------------------------------------------------------------------------------

CREATE TABLE feeds (
    authority_id TEXT PRIMARY KEY REFERENCES authorities,
    epoch        TEXT NOT NULL,                -- names this copy of the feed; part of every cursor
    head         BIGINT NOT NULL               -- the newest receipt's number
);

CREATE TABLE receipts (
    authority_id TEXT NOT NULL REFERENCES feeds,
    number       BIGINT NOT NULL,
    case_id      TEXT NOT NULL,
    content      BLOB NOT NULL,
    PRIMARY KEY (authority_id, number)
);

-- Changes already made, by request id, with the answer that was given --------------------------------------------------------

CREATE TABLE requests (
    authority_id TEXT NOT NULL REFERENCES authorities,
    request_id   TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    answer       BLOB NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (authority_id, request_id)
);

-- The exchange with Customs -------------------------------------------------------------------------------------------------

CREATE TABLE outbox (
    message_id   TEXT PRIMARY KEY,
    authority_id TEXT NOT NULL REFERENCES authorities,
    case_id      TEXT NOT NULL REFERENCES cases,
    content      TEXT NOT NULL,                -- the submission as JSON
    moves_case   INTEGER NOT NULL,             -- whether its delivery changes the case's status
    delivery     INTEGER NOT NULL,             -- 1, one more for each redelivery
    attempts     INTEGER NOT NULL,
    state        INTEGER NOT NULL,             -- 0 waiting, 1 sent, 2 failed
    due_at       BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_by_case ON outbox (case_id, created_at);

CREATE TABLE inbox (
    message_id  TEXT PRIMARY KEY,
    case_number TEXT NOT NULL,
    taken_at    BIGINT NOT NULL,
    refusal     TEXT NOT NULL,                 -- why it could not be applied; empty where it was
    content     TEXT NOT NULL                  -- the receipt as JSON where it was refused; else empty
);

-- The simulated Customs -----------------------------------------------------------------------------------------------------

CREATE TABLE sandbox_cases (
    case_number TEXT PRIMARY KEY,
    pending     INTEGER NOT NULL,
    document    TEXT NOT NULL
);
CREATE INDEX sandbox_pending ON sandbox_cases (pending);

CREATE TABLE sandbox_choices (
    authority_id TEXT NOT NULL REFERENCES authorities,
    case_id      TEXT NOT NULL,                -- empty for the account's default
    scenario     TEXT NOT NULL,
    act_delay_ms BIGINT,                       -- NULL for the server's default
    PRIMARY KEY (authority_id, case_id)
);
