-- The questions that cases were opened with, by the SHA-256 of what they say (lower-case hexadecimal): a QuestionnaireTemplate.
-- Every account may read every template, so they belong to none.
CREATE TABLE opened_templates (
    sha256  TEXT COLLATE "C" PRIMARY KEY,
    content BYTEA NOT NULL
);
ALTER TABLE opened_templates ENABLE ROW LEVEL SECURITY;
CREATE POLICY fence ON opened_templates FOR SELECT USING (true);
CREATE POLICY fence_adding ON opened_templates FOR INSERT WITH CHECK (true);

ALTER TABLE questionnaires ADD COLUMN template_sha256 TEXT NOT NULL DEFAULT '';

-- What Customs wants corrected: a Correction, with the questions as Customs named them; empty for nothing.
ALTER TABLE questionnaires ADD COLUMN correction BYTEA NOT NULL DEFAULT '';
