-- Which submission a message of Customs answers. The turns of a case are counted from 1: one more with every submission that the authority
-- hands in. Of a message that was applied, the turn in which it was; of another, the only one in which it may be; 0 where that is open, or
-- where it came before turns were kept.
ALTER TABLE customs_messages ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
-- The message id of the submission that Customs says it answers; empty where it does not say.
ALTER TABLE customs_messages ADD COLUMN answers TEXT NOT NULL DEFAULT '';

-- The numbers of cases that a sandbox account has erased: what was still on its way about them, in either direction, is dropped.
CREATE TABLE erased_cases (
    case_number  TEXT PRIMARY KEY,
    authority_id TEXT NOT NULL REFERENCES authorities,
    erased_at    BIGINT NOT NULL
);
CREATE INDEX erased_cases_by_authority ON erased_cases (authority_id);

-- When the submission was put here, the last time that it was: how long Customs has had to take it.
ALTER TABLE outbox ADD COLUMN queued_at BIGINT NOT NULL DEFAULT 0;
UPDATE outbox SET queued_at = created_at WHERE state = 0;
