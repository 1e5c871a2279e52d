-- The documents of these episodes, scheduled ones too, without their transcripts: an hour of speech
-- holds any query's words. `vector` finds an episode, `said` ranks it. Materialised, so that each
-- text is read once.
CREATE OR REPLACE FUNCTION search_documents(episodes bigint[])
RETURNS TABLE (
    episode_id bigint, published_at timestamptz, vector tsvector, said tsvector, words text[])
LANGUAGE sql STABLE AS $$
    WITH texts AS (
        SELECT passage.episode_id,
            array_agg(text ORDER BY seconds, text) FILTER (WHERE source = 'topic') AS topics,
            array_agg(text) FILTER (WHERE source IN ('text', 'link', 'library')) AS paragraphs
        FROM search_passages(episodes) AS passage WHERE source <> 'cue'
        GROUP BY passage.episode_id
    ), facts AS MATERIALIZED (
        SELECT episode.id, episode.published_at, episode.title, episode.summary,
            ARRAY(SELECT guest.name FROM episodes_appearance AS appearance
                  JOIN guests_guest AS guest ON guest.id = appearance.guest_id
                  WHERE appearance.episode_id = episode.id ORDER BY position) AS guests,
            ARRAY(SELECT technology.name FROM episodes_use AS use
                  JOIN stack_technology AS technology ON technology.id = use.technology_id
                  WHERE use.episode_id = episode.id ORDER BY position) AS stack,
            texts.topics, texts.paragraphs
        FROM episodes_episode AS episode LEFT JOIN texts ON texts.episode_id = episode.id
        WHERE episode.id = ANY (episodes)
          AND episodes_is_listed(episode.status, episode.deleted_at)
    ), weighted AS MATERIALIZED (
        SELECT *,
            setweight(search_vector(title || guests || stack[1:1]), 'A')
            || setweight(search_vector(stack[2:]), 'B')
            || setweight(search_vector(summary || topics), 'C')
            || setweight(search_vector(paragraphs), 'D') AS notes
        FROM facts
    )
    SELECT id, weighted.published_at,
        strip(notes) || search_tags(id),
        notes,
        ARRAY(SELECT DISTINCT word FROM unnest(string_to_array(search_normalize(array_to_string(
            title || guests || stack || topics || paragraphs, ' ')), ' ')) AS word
            WHERE word <> '')
    FROM weighted
$$;
