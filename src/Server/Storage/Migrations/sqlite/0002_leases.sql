-- Which server is handing a submission over. While the lease lasts no other touches it; a server that dies lets it run out.
ALTER TABLE outbox ADD COLUMN lease_owner TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN leased_until BIGINT NOT NULL DEFAULT 0;

-- Work that one server at a time does for all.
CREATE TABLE leases (
    name         TEXT PRIMARY KEY,
    owner        TEXT NOT NULL,
    leased_until BIGINT NOT NULL
);

-- The changes of the simulated Customs are made one at a time, whichever server makes them: each takes the next turn, and what it
-- saves bears its number, so that the others see what is new.
CREATE TABLE sandbox_turn (
    turn BIGINT NOT NULL
);
INSERT INTO sandbox_turn (turn) VALUES (0);
ALTER TABLE sandbox_cases ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sandbox_cases_by_turn ON sandbox_cases (turn);
