-- Rows that belong to episodes. Trigger arguments: a query of the episodes concerned, which reads
-- the rows from the transition table `changed`, and which pages show them: 'own pages' or
-- 'any page'. Visitors don't see drafts.
CREATE OR REPLACE FUNCTION episodes_note_related_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    episodes bigint[];
BEGIN
    EXECUTE format(
        'SELECT array_agg(DISTINCT episode.id) FROM episodes_episode AS episode '
        'WHERE episode.status <> %L AND episode.id IN (%s)', 'draft', TG_ARGV[0]
    ) INTO episodes;
    IF episodes IS NOT NULL THEN
        PERFORM show_touch(CASE WHEN TG_ARGV[1] = 'own pages' THEN episodes END);
    END IF;
    RETURN NULL;
END $$;

-- Lets every change of these rows raise the content version for the pages that show them.
CREATE OR REPLACE FUNCTION episodes_watch(watched text, episodes text, pages text)
RETURNS void LANGUAGE sql AS $$
    SELECT show_watch(
        watched, 'episodes_note_related_change', format('%L, %L', episodes, pages))
$$;
