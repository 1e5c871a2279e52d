"""How the index is derived from an episode's rows, and the triggers that keep it right."""

from django.db import migrations

REFRESH = r"""
-- The passages an episode should have. Cues are so short that a sentence spans several: some
-- 240 characters of them make one passage.
CREATE FUNCTION search_passages(episodes bigint[])
RETURNS TABLE (episode_id bigint, source text, seconds int, text text)
LANGUAGE sql STABLE AS $$
    SELECT topic.episode_id, 'topic', topic.seconds, topic.plain
    FROM topics_topic AS topic WHERE topic.episode_id = ANY (episodes)
    UNION ALL
    SELECT cue.episode_id, 'cue', min(cue.start) / 1000,
           string_agg(cue.text, ' ' ORDER BY cue.start, cue.position)
    FROM (
        SELECT transcript.episode_id, cue.start, cue.position, cue.text, sum(length(cue.text) + 1)
               OVER (PARTITION BY transcript.id ORDER BY cue.start, cue.position) / 240 AS part
        FROM topics_cue AS cue JOIN topics_transcript AS transcript
            ON transcript.id = cue.transcript_id
        WHERE transcript.episode_id = ANY (episodes)
    ) AS cue GROUP BY cue.episode_id, cue.part
    UNION ALL
    SELECT episode.id, 'title', NULL, concat_ws(', ', episode.title, (
        SELECT string_agg(guest.name, ', ' ORDER BY position)
        FROM episodes_appearance AS appearance
        JOIN guests_guest AS guest ON guest.id = appearance.guest_id
        WHERE appearance.episode_id = episode.id))
    FROM episodes_episode AS episode WHERE episode.id = ANY (episodes)
    UNION ALL
    SELECT use.episode_id, 'stack', NULL, string_agg(technology.name, ', ' ORDER BY position)
    FROM episodes_use AS use JOIN stack_technology AS technology
        ON technology.id = use.technology_id
    WHERE use.episode_id = ANY (episodes) GROUP BY use.episode_id
    UNION ALL
    SELECT episode.id, 'text', NULL, episode.summary
    FROM episodes_episode AS episode
    WHERE episode.id = ANY (episodes) AND episode.summary <> ''
    UNION ALL
    SELECT paragraph.id, 'text', NULL, paragraph.plain
    FROM (
        SELECT episode.id, btrim(replace(replace(replace(replace(replace(
            regexp_replace(html, '<[^>]*>', '', 'g'), '&lt;', '<'), '&gt;', '>'),
            '&quot;', '"'), '&#x27;', ''''), '&amp;', '&'), E' \n') AS plain
        FROM episodes_episode AS episode, regexp_split_to_table(
            episode.introduction_html, '</(?:p|li|h[1-6]|blockquote|pre)>') AS html
        WHERE episode.id = ANY (episodes)
    ) AS paragraph WHERE paragraph.plain <> ''
    UNION ALL
    SELECT use.episode_id, 'link', NULL,
           btrim(concat_ws(' ', coalesce(nullif(use.label, ''), library.name), use.note))
    FROM episodes_libraryuse AS use JOIN stack_library AS library ON library.id = use.library_id
    WHERE use.episode_id = ANY (episodes)
    UNION ALL
    SELECT reference.episode_id, 'link', NULL,
           btrim(concat_ws(' ', reference.label, reference.note))
    FROM episodes_reference AS reference
    WHERE reference.episode_id = ANY (episodes) AND reference.label <> ''
$$;

-- Marks for where the index is crowded: `+3django` stands in a document that says much of django.
-- So the documents that say most of a common word are found without reading all that hold it.
CREATE FUNCTION search_marks(vector tsvector) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT array_to_tsvector(coalesce(array_agg('+' || level || lexeme), '{}'))
    FROM (
        SELECT lexeme, ts_rank('{0.1, 0.6, 0.8, 1.0}', vector, quote_literal(lexeme)::tsquery)
               AS rank
        FROM unnest(vector) WHERE weights && '{A,B}' OR cardinality(positions) > 1
    ) AS said
    JOIN (VALUES (1, 0.43), (2, 0.49), (3, 0.54), (4, 0.6), (5, 0.66), (6, 0.72), (7, 0.78),
                 (8, 0.84)) AS levels (level, least)
        ON rank >= least
$$;

CREATE FUNCTION search_documents(episodes bigint[])
RETURNS TABLE (episode_id bigint, published_at timestamptz, vector tsvector, words text[])
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
            || setweight(search_vector(texts), 'D') AS vector
        FROM known
    )
    SELECT id, weighed.published_at,
        vector || search_marks(vector) || strip(search_vector(cues)),
        ARRAY(SELECT DISTINCT word FROM unnest(string_to_array(search_plain(array_to_string(
            title || guests || stack || topics || texts || cues, ' ')), ' ')) AS word
            WHERE word <> '')
    FROM weighed
$$;

-- Only what changed is written: most passages outlive an edit.
CREATE FUNCTION search_refresh_passages(episodes bigint[]) RETURNS void LANGUAGE sql AS $$
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

-- The one way into the index: makes what search knows of these episodes what their rows say,
-- in the same transaction. Scheduled ones are in it: their date is looked at when searching.
-- Locks are taken in one order by all: the table's (a rebuild has it alone), the episodes', the
-- words'. Whoever waited for another's edit reads what that one wrote: each statement sees what
-- is committed when it begins. So one transaction should refresh many episodes at once, not one
-- by one.
CREATE FUNCTION search_refresh(episodes bigint[]) RETURNS void LANGUAGE plpgsql AS $$
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
    )
    INSERT INTO search_document (episode_id, published_at, vector, words)
    SELECT * FROM wanted
    ON CONFLICT (episode_id) DO UPDATE SET
        published_at = excluded.published_at, vector = excluded.vector, words = excluded.words;

    PERFORM search_refresh_passages(episodes);
END $$;
"""
DROP_REFRESH = """
DROP FUNCTION search_refresh(bigint[]);
DROP FUNCTION search_refresh_passages(bigint[]);
DROP FUNCTION search_documents(bigint[]);
DROP FUNCTION search_marks(tsvector);
DROP FUNCTION search_passages(bigint[]);
"""

# What changes an episode's index without passing finish_edit: a name that many episodes hold,
# the bin, and a row that goes for good.
TRIGGERS = """
CREATE FUNCTION search_name_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'guests_guest' THEN
        PERFORM search_refresh(ARRAY(
            SELECT DISTINCT episode_id FROM episodes_appearance
            JOIN renamed ON renamed.id = guest_id JOIN before ON before.id = renamed.id
            WHERE before.name <> renamed.name));
    ELSIF TG_TABLE_NAME = 'stack_technology' THEN
        PERFORM search_refresh(ARRAY(
            SELECT DISTINCT episode_id FROM episodes_use
            JOIN renamed ON renamed.id = technology_id JOIN before ON before.id = renamed.id
            WHERE before.name <> renamed.name));
    ELSE
        PERFORM search_refresh(ARRAY(
            SELECT DISTINCT episode_id FROM episodes_libraryuse
            JOIN renamed ON renamed.id = library_id JOIN before ON before.id = renamed.id
            WHERE before.name <> renamed.name));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guests_guest_search AFTER UPDATE ON guests_guest
    REFERENCING OLD TABLE AS before NEW TABLE AS renamed
    FOR EACH STATEMENT EXECUTE FUNCTION search_name_changed();
CREATE TRIGGER stack_technology_search AFTER UPDATE ON stack_technology
    REFERENCING OLD TABLE AS before NEW TABLE AS renamed
    FOR EACH STATEMENT EXECUTE FUNCTION search_name_changed();
CREATE TRIGGER stack_library_search AFTER UPDATE ON stack_library
    REFERENCING OLD TABLE AS before NEW TABLE AS renamed
    FOR EACH STATEMENT EXECUTE FUNCTION search_name_changed();

CREATE FUNCTION search_episode_binned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_refresh(ARRAY(
        SELECT id FROM before JOIN after USING (id)
        WHERE before.deleted_at IS DISTINCT FROM after.deleted_at));
    RETURN NULL;
END $$;
CREATE TRIGGER episodes_episode_search AFTER UPDATE ON episodes_episode
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION search_episode_binned();

CREATE FUNCTION search_document_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In the order in which search_refresh takes them, lest two wait for each other.
    PERFORM FROM search_word WHERE word IN (SELECT unnest(words) FROM gone)
    ORDER BY word FOR NO KEY UPDATE;
    UPDATE search_word SET documents = search_word.documents - said.documents
    FROM (SELECT word, count(*) AS documents FROM gone, unnest(words) AS word GROUP BY word)
         AS said
    WHERE search_word.word = said.word;
    RETURN NULL;
END $$;
CREATE TRIGGER search_document_gone AFTER DELETE ON search_document
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION search_document_gone();
"""
DROP_TRIGGERS = """
DROP TRIGGER search_document_gone ON search_document;
DROP TRIGGER episodes_episode_search ON episodes_episode;
DROP TRIGGER stack_library_search ON stack_library;
DROP TRIGGER stack_technology_search ON stack_technology;
DROP TRIGGER guests_guest_search ON guests_guest;
DROP FUNCTION search_document_gone();
DROP FUNCTION search_episode_binned();
DROP FUNCTION search_name_changed();
"""
FILL = "SELECT search_refresh(ARRAY(SELECT id FROM episodes_episode))"


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_index"),
        ("topics", "0002_content_version"),
    ]

    operations = [
        migrations.RunSQL(REFRESH, DROP_REFRESH),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
