-- Lexemes for filters: `=t5` stands in the document of an episode that uses technology 5, `=g7`
-- where guest 7 appears.
CREATE OR REPLACE FUNCTION search_tags(episode bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT tag), '{}')) FROM (
        SELECT '=t' || technology_id FROM episodes_use WHERE episode_id = episode
        UNION ALL SELECT '=g' || guest_id FROM episodes_appearance WHERE episode_id = episode
        UNION ALL SELECT '=transcript' FROM topics_transcript WHERE episode_id = episode
    ) AS tags (tag)
$$;
