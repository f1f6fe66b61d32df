-- Many requests are looked for at once, by their ids alone.
ALTER TABLE requests DROP CONSTRAINT requests_pkey, ADD PRIMARY KEY (request_id, authority_id);
