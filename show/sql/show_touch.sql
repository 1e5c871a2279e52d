-- Notes what a transaction changes, in one row per transaction of show_versionbump: the episodes
-- whose own pages alone can look different, or NULL once any page can. So writers don't queue for
-- the content version's row until they commit.
CREATE OR REPLACE FUNCTION show_touch(episodes bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO show_versionbump AS bump (transaction, touched)
    VALUES (pg_current_xact_id()::text::bigint, episodes)
    ON CONFLICT (transaction) DO UPDATE
    SET touched = CASE WHEN excluded.touched IS NOT NULL THEN bump.touched || excluded.touched END
    WHERE bump.touched IS NOT NULL
    AND (excluded.touched IS NULL OR NOT excluded.touched <@ bump.touched)
$$;
