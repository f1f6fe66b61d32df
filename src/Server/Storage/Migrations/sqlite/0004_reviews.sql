-- What Customs started and what the authority answered; category, products and summary stand in the table of cases. The files that
-- came with a review stand in customs_files under the role "review".
CREATE TABLE reviews (
    case_id    TEXT PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    contact    BLOB NOT NULL,                  -- a Contact: whom at Customs to ask
    started_at BIGINT NOT NULL,
    answer     BLOB                            -- a ReviewAnswer; NULL before the first
);

-- Whether an authority has passed an assessment for a category.
CREATE INDEX cases_by_category ON cases (authority_id, category);
