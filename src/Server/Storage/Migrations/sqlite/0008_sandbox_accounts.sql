-- The clock of an account at the simulated Customs, and the faults that are still to come.
CREATE TABLE sandbox_accounts (
    authority_id TEXT PRIMARY KEY REFERENCES authorities,
    document     TEXT NOT NULL
);
