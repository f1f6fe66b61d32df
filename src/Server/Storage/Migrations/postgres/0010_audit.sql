-- Proof of what was done: a chain of audit rows for each authority and one for the server, and the keys of signatures. The server's
-- role may add and read, no more. docs/adr/0009-audit-chains.md says why the chains are as they are.

CREATE TABLE audit (
    authority_id  TEXT COLLATE "C" NOT NULL, -- whose chain it is; * for what concerns no authority
    number        BIGINT NOT NULL,           -- 1, 2, 3 ... within the chain
    at            BIGINT NOT NULL,
    actor         TEXT NOT NULL,             -- AUTHORITY, CUSTOMS, DELIVERY, OPERATOR or SERVER
    credential    TEXT NOT NULL,             -- the key's id or name, never the key; empty where there is none
    remote        TEXT NOT NULL,             -- the address that the call came from; empty where none called
    action        TEXT NOT NULL,             -- the RPC, or what else was done
    case_id       TEXT NOT NULL,             -- empty where it concerns no case
    request_id    TEXT NOT NULL,             -- the request's or message's id; empty where there is none
    request_hash  TEXT NOT NULL,             -- SHA-256 of what was asked; empty where nothing was
    outcome       TEXT NOT NULL,
    previous_hash BYTEA NOT NULL,            -- the hash of the row before; empty in the first
    hash          BYTEA NOT NULL,            -- SHA-256 of all the above
    PRIMARY KEY (authority_id, number)
);

-- The last row of each authority's chain. The row of the feed is locked by every change anyway.
ALTER TABLE feeds ADD COLUMN audit_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN audit_hash BYTEA NOT NULL DEFAULT '';

-- The last row of the server's own chain: its number, a colon, its hash in hexadecimal.
INSERT INTO settings (name, value) VALUES ('audit', '0:');

-- What the authority submitted last: a singlewindow.bridge.v1.ReceiptProof with its message id, hashes and count alone.
ALTER TABLE cases ADD COLUMN submitted BYTEA NOT NULL DEFAULT '';

-- The public halves of the keys that have signed receipts and heads of the audit.
CREATE TABLE signing_keys (
    key_id     TEXT COLLATE "C" PRIMARY KEY,
    public_key BYTEA NOT NULL,               -- SubjectPublicKeyInfo, DER
    created_at BIGINT NOT NULL
);

CALL fence('audit');
CALL fence('signing_keys');
