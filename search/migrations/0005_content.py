"""What finds an episode and what ranks it apart: the one walked in crowds, the other read row by row."""

import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# In the row itself: storage beside it takes several times as long to read, and each candidate of
# each search is read.
STORAGE = """
ALTER TABLE search_content SET (toast_tuple_target = 8160);
ALTER TABLE search_content ALTER said SET STORAGE MAIN;
"""
REFRESH = r"""
-- By what filters ask for: `=t5` stands in the document of an episode that uses technology 5.
CREATE FUNCTION search_tags(episode bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT tag), '{}')) FROM (
        SELECT '=t' || technology_id FROM episodes_use WHERE episode_id = episode
        UNION ALL SELECT '=g' || guest_id FROM episodes_appearance WHERE episode_id = episode
        UNION ALL SELECT '=transcript' FROM topics_transcript WHERE episode_id = episode
    ) AS tags (tag)
$$;

DROP FUNCTION search_documents(bigint[]);
CREATE FUNCTION search_documents(episodes bigint[])
RETURNS TABLE (
    episode_id bigint, published_at timestamptz, vector tsvector, said tsvector, words text[])
LANGUAGE sql STABLE AS $$
    WITH said AS (
        SELECT passage.episode_id,
            array_agg(text) FILTER (WHERE source = 'topic') AS topics,
            array_agg(text) FILTER (WHERE source = 'cue') AS cues,
            array_agg(text) FILTER (WHERE source IN ('text', 'link')) AS texts
        FROM search_passages(episodes) AS passage GROUP BY passage.episode_id
    ), known AS (
        SELECT episode.id, episode.published_at, episode.title, episode.summary,
            ARRAY(SELECT guest.name FROM episodes_appearance AS appearance
                  JOIN guests_guest AS guest ON guest.id = appearance.guest_id
                  WHERE appearance.episode_id = episode.id ORDER BY position) AS guests,
            ARRAY(SELECT technology.name FROM episodes_use AS use
                  JOIN stack_technology AS technology ON technology.id = use.technology_id
                  WHERE use.episode_id = episode.id ORDER BY position) AS stack,
            said.topics, said.cues, said.texts
        FROM episodes_episode AS episode LEFT JOIN said ON said.episode_id = episode.id
        WHERE episode.id = ANY (episodes)
          AND episode.status = 'published' AND episode.deleted_at IS NULL
    ), weighed AS (
        SELECT *,
            setweight(search_vector(title || guests || stack[1:1]), 'A')
            || setweight(search_vector(stack[2:]), 'B')
            || setweight(search_vector(summary || topics), 'C')
            || setweight(search_vector(texts), 'D') AS told,
            strip(search_vector(cues)) AS heard
        FROM known
    )
    SELECT id, weighed.published_at,
        strip(told) || heard || search_marks(told) || search_tags(id),
        told || heard,
        ARRAY(SELECT DISTINCT word FROM unnest(string_to_array(search_plain(array_to_string(
            title || guests || stack || topics || texts || cues, ' ')), ' ')) AS word
            WHERE word <> '')
    FROM weighed
$$;

-- As before, and what ranks an episode beside what finds it. Locks: see the first version.
CREATE OR REPLACE FUNCTION search_refresh(episodes bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF episodes = '{}' THEN
        RETURN;
    END IF;
    LOCK TABLE search_document IN ROW EXCLUSIVE MODE;
    PERFORM FROM episodes_episode WHERE id = ANY (episodes) ORDER BY id FOR NO KEY UPDATE;

    DELETE FROM search_document AS document
    WHERE document.episode_id = ANY (episodes) AND NOT EXISTS (
        SELECT FROM episodes_episode AS episode WHERE episode.id = document.episode_id
        AND episode.status = 'published' AND episode.deleted_at IS NULL);
    DELETE FROM search_content AS content
    WHERE content.episode_id = ANY (episodes) AND NOT EXISTS (
        SELECT FROM search_document AS document WHERE document.episode_id = content.episode_id);

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
               search_near(word)
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
END $$;
"""
FILL = "SELECT search_refresh(ARRAY(SELECT id FROM episodes_episode))"


class Migration(migrations.Migration):
    dependencies = [("search", "0004_questions")]

    operations = [
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "episode",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_content",
                        serialize=False,
                        to="episodes.episode",
                    ),
                ),
                ("said", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(REFRESH),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
