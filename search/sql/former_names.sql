-- The names of version 1, until version 2.0: the former code calls them during an update and
-- after a way back (docs/upgrade.md). Their bodies are inlined, so that indexes serve the former
-- queries too.
CREATE OR REPLACE FUNCTION search_plain(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN search_normalize($1);

CREATE OR REPLACE FUNCTION search_near(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN search_deletes(word);
