-- The passages an episode should have. A sentence spans several cues: some 240 characters of them
-- make one passage.
CREATE OR REPLACE FUNCTION search_passages(episodes bigint[])
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
    SELECT use.episode_id, 'library', NULL,
           btrim(concat_ws(' ', coalesce(nullif(use.label, ''), library.name), use.note))
    FROM episodes_libraryuse AS use JOIN stack_library AS library ON library.id = use.library_id
    WHERE use.episode_id = ANY (episodes)
    UNION ALL
    SELECT reference.episode_id, 'link', NULL,
           btrim(concat_ws(' ', reference.label, reference.note))
    FROM episodes_reference AS reference
    WHERE reference.episode_id = ANY (episodes) AND reference.label <> ''
$$;
