-- A list by status reads on along this; without it, through all cases of the authority.
CREATE INDEX cases_by_status ON cases (authority_id, status, case_id DESC);
