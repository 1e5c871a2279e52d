-- Search by meaning needs pgvector. One line, because `postgres --single` takes each for a statement.
DO $$ BEGIN IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector' AND installed_version IS NULL) THEN CREATE EXTENSION vector; END IF; END $$;
