-- Readers of an authority's feed of receipts whose place the bridge keeps.
CREATE TABLE receipt_consumers (
    authority_id TEXT COLLATE "C" NOT NULL REFERENCES authorities,
    name         TEXT COLLATE "C" NOT NULL,
    epoch        TEXT NOT NULL,                -- of the feed that the place is in
    number       BIGINT NOT NULL,              -- the last receipt that was handled
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (authority_id, name)
);
CALL fence('receipt_consumers');
