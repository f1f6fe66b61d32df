-- Times are microseconds since 1970-01-01 UTC. Enum columns hold the contract's numbers. Columns named content, form, answers,
-- answer, reply and list of type BYTEA hold messages of singlewindow.bridge.v1, whose fields only ever grow. What is not referenced
-- though it could be (receipts.case_id, requests.authority_id ...) is written in every change, in one transaction with its parent.

-- The fence between authorities, beside the WHERE of every query ---------------------------------------------------------------

-- Says whom the statements act for until the transaction ends: an authority's id, or several, a line each, or "*" for all.
CREATE PROCEDURE act_for(scope TEXT) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('bridge.authority', scope, true);
END $$;

-- Puts a table behind the fence: by its column authority_id, else by the case that its column case_id names. A table with neither
-- is for those alone who act for all. Every table has it; a test walks the catalogue. It is a CASE because the planner takes that to
-- hold for half of the rows: it would multiply the share of an OR with that of the query's own WHERE, expect next to no rows, and sort
-- a whole feed rather than read on along an index.
CREATE PROCEDURE fence(fenced REGCLASS) LANGUAGE plpgsql AS $$
DECLARE
    shown TEXT := 'false';
BEGIN
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = fenced AND attname = 'authority_id' AND NOT attisdropped) THEN
        shown := format(
            'authority_id = %1$s OR authority_id = ANY (string_to_array(%1$s, E''\n''))', 'current_setting(''bridge.authority'', true)');
    ELSIF EXISTS (SELECT FROM pg_attribute WHERE attrelid = fenced AND attname = 'case_id' AND NOT attisdropped) THEN
        -- The cases are behind the fence too, so that this finds none but the authority's own.
        shown := format('EXISTS (SELECT FROM cases c WHERE c.case_id = %s.case_id)', fenced);
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', fenced);
    EXECUTE format(
        'CREATE POLICY fence ON %s USING (CASE current_setting(''bridge.authority'', true) WHEN ''*'' THEN true ELSE %s END)', fenced, shown);
END $$;

ALTER TABLE migrations ENABLE ROW LEVEL SECURITY;
CREATE POLICY fence ON migrations USING (true);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Counts the official numbers, 512 at a time for one server. Those that it does not give stay unused.
CREATE SEQUENCE case_numbers INCREMENT 512;

-- Accounts ------------------------------------------------------------------------------------------------------------------

CREATE TABLE authorities (
    authority_id  TEXT COLLATE "C" PRIMARY KEY,
    country       TEXT NOT NULL,
    name_zh       TEXT NOT NULL,
    name_en       TEXT NOT NULL,
    product_scope TEXT NOT NULL,               -- product codes, separated by commas
    sandbox       BOOLEAN NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE api_keys (
    key_hash     TEXT COLLATE "C" PRIMARY KEY, -- SHA-256, lower-case hexadecimal
    authority_id TEXT COLLATE "C" NOT NULL REFERENCES authorities,
    created_at   BIGINT NOT NULL
);

-- Cases ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE cases (
    case_id        TEXT COLLATE "C" PRIMARY KEY,
    number         TEXT COLLATE "C" UNIQUE,
    authority_id   TEXT COLLATE "C" NOT NULL REFERENCES authorities,
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
    declined       BOOLEAN NOT NULL,           -- the authority declined the review
    opinion        TEXT NOT NULL,              -- the newest opinion in the present stage, empty for none
    opinion_event  INTEGER NOT NULL,
    opinion_stage  INTEGER NOT NULL,
    opinion_at     BIGINT NOT NULL
);
CREATE INDEX cases_by_authority ON cases (authority_id, case_id DESC);
CREATE INDEX cases_by_change ON cases (authority_id, updated_at);

CREATE TABLE timeline (
    case_id        TEXT COLLATE "C" NOT NULL REFERENCES cases ON DELETE CASCADE,
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
    case_id TEXT COLLATE "C" PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    form    BYTEA NOT NULL
);

CREATE TABLE questionnaires (
    case_id          TEXT COLLATE "C" PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    template_id      TEXT NOT NULL,
    template_version INTEGER NOT NULL,
    opened_at        BIGINT NOT NULL,
    answers          BYTEA NOT NULL
);

CREATE TABLE rectifications (
    case_id      TEXT COLLATE "C" NOT NULL REFERENCES cases ON DELETE CASCADE,
    round        INTEGER NOT NULL,
    number       TEXT COLLATE "C" NOT NULL,
    required_at  BIGINT NOT NULL,
    requirements TEXT NOT NULL,
    opinion      TEXT NOT NULL,
    answer       BYTEA,
    submitted_at BIGINT,
    PRIMARY KEY (case_id, round)
);

CREATE TABLE negotiation_entries (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases ON DELETE CASCADE,
    topic   INTEGER NOT NULL,
    round   INTEGER NOT NULL,
    party   INTEGER NOT NULL,
    state   INTEGER NOT NULL,
    at      BIGINT NOT NULL,
    reply   BYTEA NOT NULL,                     -- a NegotiationReply: text and files
    PRIMARY KEY (case_id, topic, round, party)
);

CREATE TABLE negotiation_drafts (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases ON DELETE CASCADE,
    topic   INTEGER NOT NULL,
    reply   BYTEA NOT NULL,
    PRIMARY KEY (case_id, topic)
);

CREATE TABLE signatories (
    case_id      TEXT COLLATE "C" PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    list         BYTEA NOT NULL,
    submitted_at BIGINT NOT NULL
);

-- Files ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE blobs (
    sha256  TEXT COLLATE "C" PRIMARY KEY,
    content BYTEA NOT NULL
);
-- Files are packed already, and are read in pieces.
ALTER TABLE blobs ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE files (
    file_id      TEXT COLLATE "C" PRIMARY KEY,
    authority_id TEXT COLLATE "C" NOT NULL REFERENCES authorities,
    sha256       TEXT COLLATE "C" NOT NULL REFERENCES blobs,
    name         TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    size_bytes   BIGINT NOT NULL,
    origin       INTEGER NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX files_by_content ON files (sha256);

-- The files that Customs sent with an act: role "protocol", "certificate" or "rectification"; round for the last, else 0.
CREATE TABLE customs_files (
    case_id  TEXT COLLATE "C" NOT NULL REFERENCES cases ON DELETE CASCADE,
    role     TEXT NOT NULL,
    round    INTEGER NOT NULL,
    position INTEGER NOT NULL,
    file_id  TEXT COLLATE "C" NOT NULL REFERENCES files,
    PRIMARY KEY (case_id, role, round, position)
);

-- The feed of receipts ------------------------------------------------------------------------------------------------------

CREATE TABLE feeds (
    authority_id TEXT COLLATE "C" PRIMARY KEY REFERENCES authorities,
    epoch        TEXT NOT NULL,                -- names this copy of the feed; part of every cursor
    head         BIGINT NOT NULL               -- the newest receipt's number
);

CREATE TABLE receipts (
    authority_id TEXT COLLATE "C" NOT NULL,
    number       BIGINT NOT NULL,
    case_id      TEXT COLLATE "C" NOT NULL,
    content      BYTEA NOT NULL,
    PRIMARY KEY (authority_id, number)
);

-- Changes already made, by request id, with the answer that was given --------------------------------------------------------

CREATE TABLE requests (
    authority_id TEXT COLLATE "C" NOT NULL,
    request_id   TEXT COLLATE "C" NOT NULL,
    content_hash TEXT NOT NULL,
    answer       BYTEA NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (authority_id, request_id)
);

-- The exchange with Customs -------------------------------------------------------------------------------------------------

CREATE TABLE outbox (
    message_id   TEXT COLLATE "C" PRIMARY KEY,
    authority_id TEXT COLLATE "C" NOT NULL,
    case_id      TEXT COLLATE "C" NOT NULL REFERENCES cases,
    content      TEXT NOT NULL,                -- the submission as JSON
    moves_case   BOOLEAN NOT NULL,             -- whether its delivery changes the case's status
    delivery     INTEGER NOT NULL,             -- 1, one more for each redelivery
    attempts     INTEGER NOT NULL,
    state        INTEGER NOT NULL,             -- 0 waiting, 1 sent, 2 failed
    due_at       BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_by_case ON outbox (case_id, created_at);

CREATE TABLE inbox (
    message_id  TEXT COLLATE "C" PRIMARY KEY,
    case_number TEXT COLLATE "C" NOT NULL,
    taken_at    BIGINT NOT NULL,
    refusal     TEXT NOT NULL,                 -- why it could not be applied; empty where it was
    content     TEXT NOT NULL                  -- the receipt as JSON where it was refused; else empty
);

-- The simulated Customs -----------------------------------------------------------------------------------------------------

CREATE TABLE sandbox_cases (
    case_number TEXT COLLATE "C" PRIMARY KEY,
    pending     INTEGER NOT NULL,
    document    TEXT NOT NULL
);
CREATE INDEX sandbox_pending ON sandbox_cases (pending);

CREATE TABLE sandbox_choices (
    authority_id TEXT COLLATE "C" NOT NULL REFERENCES authorities,
    case_id      TEXT COLLATE "C" NOT NULL, -- empty for the account's default
    scenario     TEXT NOT NULL,
    act_delay_ms BIGINT,                       -- NULL for the server's default
    PRIMARY KEY (authority_id, case_id)
);

-- Behind the fence --------------------------------------------------------------------------------------------------------------

CALL fence('settings');
CALL fence('authorities');
CALL fence('api_keys');
CALL fence('cases');
CALL fence('timeline');
CALL fence('applications');
CALL fence('questionnaires');
CALL fence('rectifications');
CALL fence('negotiation_entries');
CALL fence('negotiation_drafts');
CALL fence('signatories');
CALL fence('files');
CALL fence('customs_files');
CALL fence('feeds');
CALL fence('receipts');
CALL fence('requests');
CALL fence('outbox');
CALL fence('inbox');
CALL fence('sandbox_cases');
CALL fence('sandbox_choices');

-- A content is for whoever has a file with it; anybody may add one, and no one finds out whether it was there before.
ALTER TABLE blobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY fence ON blobs FOR SELECT
    USING (CASE current_setting('bridge.authority', true)
        WHEN '*' THEN true ELSE EXISTS (SELECT FROM files f WHERE f.sha256 = blobs.sha256) END);
CREATE POLICY fence_adding ON blobs FOR INSERT WITH CHECK (true);

-- The counters tell of no authority; they are changed by the functions here alone.
ALTER TABLE counters ENABLE ROW LEVEL SECURITY;
CREATE POLICY fence ON counters FOR SELECT USING (true);

-- Changes of accounts -----------------------------------------------------------------------------------------------------------

-- Every server keeps the accounts of the keys in use in memory. Who changes one is told by the notice, the other servers by the
-- notification, and those that miss it by the counter.
CREATE FUNCTION accounts_changed() RETURNS TRIGGER LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO counters (name, value) VALUES ('accounts', 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1;
    NOTIFY bridge_accounts;
    RAISE NOTICE 'bridge_accounts';
    RETURN NULL;
END $$;

CREATE TRIGGER accounts_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON authorities EXECUTE FUNCTION accounts_changed();
CREATE TRIGGER accounts_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON api_keys EXECUTE FUNCTION accounts_changed();
INSERT INTO counters (name, value) VALUES ('accounts', 0);
