-- Everything that came from Customs, and what became of it. The first message of a message id has the effect; another one with the
-- same id and other content is an entry beside it, as is one that cannot be read.
CREATE TABLE customs_messages (
    entry_id       TEXT PRIMARY KEY,           -- a ULID: the order of arrival
    message_id     TEXT NOT NULL,
    content_hash   TEXT NOT NULL,              -- SHA-256 of what it says; empty where it came before hashes were kept
    is_first       INTEGER NOT NULL,
    authority_id   TEXT REFERENCES authorities, -- NULL where the case is not known
    case_number    TEXT NOT NULL,
    sequence       INTEGER NOT NULL,           -- Customs' count of what it says about the case; 0 where it does not count
    event          INTEGER NOT NULL,
    source         TEXT NOT NULL,
    created_at     BIGINT NOT NULL,            -- Customs' own time
    received_at    BIGINT NOT NULL,
    state          INTEGER NOT NULL,           -- singlewindow.admin.v1.CustomsMessageState
    reason         INTEGER NOT NULL,           -- singlewindow.admin.v1.HoldReason
    detail_zh      TEXT NOT NULL,
    detail_en      TEXT NOT NULL,
    first_state    INTEGER NOT NULL,           -- the first answer: given again to every repeat
    first_detail   TEXT NOT NULL,
    attempts       INTEGER NOT NULL,
    tried_at       BIGINT NOT NULL,
    tried_version  BIGINT NOT NULL,            -- the case's version when it was last tried; -1: try again whatever it is
    wait_until     BIGINT NOT NULL,
    settled_at     BIGINT,
    operator       TEXT NOT NULL,
    discard_reason TEXT NOT NULL,
    content        BLOB                        -- the message as JSON, or the bytes that cannot be read; NULL once applied
);
CREATE UNIQUE INDEX customs_messages_first ON customs_messages (message_id) WHERE is_first = TRUE;
CREATE UNIQUE INDEX customs_messages_content ON customs_messages (message_id, content_hash);
CREATE INDEX customs_messages_by_case ON customs_messages (case_number, sequence);
CREATE INDEX customs_messages_held ON customs_messages (state, entry_id) WHERE state IN (2, 3);

INSERT INTO customs_messages (entry_id, message_id, content_hash, is_first, authority_id, case_number, sequence, event, source,
    created_at, received_at, state, reason, detail_zh, detail_en, first_state, first_detail, attempts, tried_at, tried_version,
    wait_until, settled_at, operator, discard_reason, content)
SELECT i.message_id, i.message_id, '', TRUE, c.authority_id, i.case_number, 0, 0, '',
    i.taken_at, i.taken_at, CASE WHEN i.refusal = '' THEN 1 ELSE 3 END, CASE WHEN i.refusal = '' THEN 0 ELSE 6 END, i.refusal, i.refusal,
    CASE WHEN i.refusal = '' THEN 1 ELSE 3 END, i.refusal, 1, i.taken_at, 0,
    i.taken_at, CASE WHEN i.refusal = '' THEN i.taken_at END, '', '', CASE WHEN i.refusal = '' THEN NULL ELSE CAST(i.content AS BLOB) END
FROM inbox i LEFT JOIN cases c ON c.number = i.case_number;

DROP TABLE inbox;
