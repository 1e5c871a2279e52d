-- Writes only the passages that changed: most outlive an edit.
CREATE OR REPLACE FUNCTION search_refresh_passages(episodes bigint[]) RETURNS void
LANGUAGE sql AS $$
    WITH wanted AS MATERIALIZED (
        SELECT passage.* FROM search_passages(episodes) AS passage
        WHERE episode_id IN (
            SELECT episode_id FROM search_document WHERE episode_id = ANY (episodes))
    ), present AS MATERIALIZED (
        SELECT * FROM search_passage WHERE episode_id = ANY (episodes)
    ), gone AS (
        DELETE FROM search_passage WHERE id IN (
            SELECT id FROM present WHERE NOT EXISTS (
                SELECT FROM wanted WHERE wanted.episode_id = present.episode_id
                AND wanted.source = present.source AND wanted.text = present.text
                AND wanted.seconds IS NOT DISTINCT FROM present.seconds))
    )
    INSERT INTO search_passage (episode_id, source, seconds, text, vector)
    SELECT DISTINCT ON (episode_id, source, seconds, text)
           episode_id, source, seconds, text, search_vector(text)
    FROM wanted WHERE NOT EXISTS (
        SELECT FROM present WHERE present.episode_id = wanted.episode_id
        AND present.source = wanted.source AND present.text = wanted.text
        AND present.seconds IS NOT DISTINCT FROM wanted.seconds)
$$;
