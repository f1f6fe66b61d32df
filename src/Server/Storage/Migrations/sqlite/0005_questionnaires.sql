-- The questions that cases were opened with, by the SHA-256 of what they say (lower-case hexadecimal): a QuestionnaireTemplate.
-- Every account may read every template, so they belong to none.
CREATE TABLE opened_templates (
    sha256  TEXT PRIMARY KEY,
    content BLOB NOT NULL
);

ALTER TABLE questionnaires ADD COLUMN template_sha256 TEXT NOT NULL DEFAULT '';

-- What Customs wants corrected: a Correction, with the questions as Customs named them; empty for nothing.
ALTER TABLE questionnaires ADD COLUMN correction BLOB NOT NULL DEFAULT x'';
