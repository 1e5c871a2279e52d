-- The content version: one number that grows with every commit that a visitor could notice. This
-- raises it when a transaction commits, and notifies the channel "content" of the episodes
-- touched. Being deferred, it locks the version's row only for the last moment of a transaction.
CREATE OR REPLACE FUNCTION show_bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    episodes bigint[];
    version bigint;
BEGIN
    DELETE FROM show_versionbump WHERE transaction = NEW.transaction
    RETURNING touched INTO episodes;
    IF cardinality(episodes) > 300 THEN  -- a notification holds 8000 bytes
        episodes := NULL;
    END IF;
    INSERT INTO show_contentversion AS content (id, number, changed_at, everywhere_at)
    VALUES (1, 1, clock_timestamp(), clock_timestamp())
    ON CONFLICT (id) DO UPDATE
    SET number = content.number + 1,
        changed_at = excluded.changed_at,
        everywhere_at = CASE
            WHEN episodes IS NULL THEN excluded.changed_at ELSE content.everywhere_at
        END
    RETURNING number INTO version;
    PERFORM pg_notify('content', json_build_object('version', version, 'touched', episodes)::text);
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS show_versionbump_at_commit ON show_versionbump;
CREATE CONSTRAINT TRIGGER show_versionbump_at_commit AFTER INSERT ON show_versionbump
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION show_bump_version();
