-- Trigger of every table in sql/watched_tables.sql. Without arguments, any page can look
-- different after a change. Rows that belong to episodes pass a query of the episodes concerned
-- and which pages show them: 'own pages' or 'any page'. Visitors don't see drafts.
CREATE OR REPLACE FUNCTION show_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    episodes bigint[];
BEGIN
    IF TG_NARGS = 0 THEN
        IF EXISTS (SELECT FROM changed) THEN
            PERFORM show_touch(NULL);
        END IF;
        RETURN NULL;
    END IF;
    EXECUTE format(
        'SELECT array_agg(DISTINCT episode.id) FROM episodes_episode AS episode '
        'WHERE episode.status <> %L AND episode.id IN (%s)', 'draft', TG_ARGV[0]
    ) INTO episodes;
    IF episodes IS NOT NULL THEN
        PERFORM show_touch(CASE WHEN TG_ARGV[1] = 'own pages' THEN episodes END);
    END IF;
    RETURN NULL;
END $$;
