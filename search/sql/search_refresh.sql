-- Rebuilds the search documents of these episodes, in the same transaction. Scheduled episodes have
-- documents, too: a search looks at their date.
--
-- Everybody locks in the same order: the table (a rebuild has it alone), the episodes, the words.
-- After waiting for another edit, each statement reads what that edit committed. So one
-- transaction should refresh its episodes in one call, not one by one.
--
-- Planning takes as long as an edit does, so all edits share a generic plan; calls for many
-- episodes get a plan for so many. Deletes are worked out for new words only.
CREATE OR REPLACE FUNCTION search_refresh(episodes bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mode constant text := current_setting('plan_cache_mode');
BEGIN
    IF episodes = '{}' THEN
        RETURN;
    END IF;
    PERFORM set_config('plan_cache_mode', CASE WHEN cardinality(episodes) <= 10
        THEN 'force_generic_plan' ELSE 'force_custom_plan' END, true);
    LOCK TABLE search_document IN ROW EXCLUSIVE MODE;
    PERFORM FROM episodes_episode WHERE id = ANY (episodes) ORDER BY id FOR NO KEY UPDATE;

    DELETE FROM search_document AS document
    WHERE document.episode_id = ANY (episodes) AND NOT EXISTS (
        SELECT FROM episodes_episode AS episode WHERE episode.id = document.episode_id
        AND episodes_is_listed(episode.status, episode.deleted_at));
    DELETE FROM search_content AS content
    WHERE content.episode_id = ANY (episodes) AND NOT EXISTS (
        SELECT FROM search_document AS document WHERE document.episode_id = content.episode_id);
    PERFORM search_derive(episodes);
    PERFORM set_config('plan_cache_mode', mode, true);
END $$;

-- The same where all locks are held already: nothing that is gone is in the index.
CREATE OR REPLACE FUNCTION search_derive(episodes bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH wanted AS MATERIALIZED (SELECT * FROM search_documents(episodes)),
    counted AS (
        SELECT word, sum(change) AS change FROM (
            SELECT unnest(wanted.words) AS word, 1 AS change FROM wanted
            UNION ALL
            SELECT unnest(document.words), -1
            FROM search_document AS document JOIN wanted USING (episode_id)
        ) AS changes GROUP BY word HAVING sum(change) <> 0 ORDER BY word
    ), words AS (
        INSERT INTO search_word (word, stem, documents, near)
        SELECT word, coalesce((ts_lexize('search_stem', word))[1], word), change,
               CASE WHEN EXISTS (SELECT FROM search_word AS known WHERE known.word = counted.word)
                    THEN '{}' ELSE search_deletes(word) END
        FROM counted
        ON CONFLICT (word) DO UPDATE SET documents = search_word.documents + excluded.documents
    ), contents AS (
        INSERT INTO search_content SELECT episode_id, said FROM wanted
        ON CONFLICT (episode_id) DO UPDATE SET said = excluded.said
    )
    INSERT INTO search_document (episode_id, published_at, vector, words)
    SELECT episode_id, published_at, vector, words FROM wanted
    ON CONFLICT (episode_id) DO UPDATE SET
        published_at = excluded.published_at, vector = excluded.vector, words = excluded.words;

    PERFORM search_refresh_passages(episodes);
    PERFORM search_refresh_vectors(episodes);
END $$;
