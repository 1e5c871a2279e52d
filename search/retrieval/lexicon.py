"""What the catalogue knows of a query's words: names, groups of like words, and who says them."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from search.query.lexicon import Known, Name, Stems

# One round trip for everything, since a search has many such small questions. Uses and appearances
# are asked for their documents one by one: joined, a rare one's are met only at the end of all.
QUERY = """
WITH typed AS (
    SELECT word, coalesce((ts_lexize('search_stem', word))[1], word) AS stem
    FROM unnest(%(words)s::text[]) AS word
), technologies AS (
    SELECT known.normalised, 'technology' AS kind, technology.name, technology.slug,
           (SELECT use.id FROM episodes_use AS use WHERE use.technology_id = technology.id AND (
                SELECT 1 FROM search_document AS document
                WHERE document.episode_id = use.episode_id AND document.published_at <= now()
            ) IS NOT NULL LIMIT 1) IS NOT NULL AS is_public,
           (SELECT json_agg(stems) FROM stack_technologyname AS other, search_stems(other.name)
            AS stems WHERE other.technology_id = technology.id AND stems <> '{}') AS others
    FROM stack_technologyname AS known
    JOIN stack_technology AS technology ON technology.id = known.technology_id
    WHERE known.normalised = ANY (%(keys)s::text[])
), guests AS (
    SELECT known.normalised, 'guest' AS kind, guest.name, guest.slug,
           (SELECT appearance.id FROM episodes_appearance AS appearance
            WHERE appearance.guest_id = guest.id AND (
                SELECT 1 FROM search_document AS document
                WHERE document.episode_id = appearance.episode_id
                AND document.published_at <= now()
            ) IS NOT NULL LIMIT 1) IS NOT NULL AS is_public,
           (SELECT json_agg(stems) FROM guests_guestname AS other, search_stems(other.name)
            AS stems WHERE other.guest_id = guest.id AND stems <> '{}') AS others
    FROM guests_guestname AS known JOIN guests_guest AS guest ON guest.id = known.guest_id
    WHERE known.normalised = ANY (%(keys)s::text[])
), names AS MATERIALIZED (
    SELECT * FROM (SELECT * FROM guests UNION ALL SELECT * FROM technologies) AS every
    WHERE others IS NOT NULL -- null where no name has a word
), groups AS MATERIALIZED (
    SELECT queries FROM search_wordgroup
    WHERE search_vector(%(text)s) @@ ANY (queries::tsquery[])
), stems AS (
    SELECT stem FROM typed
    UNION SELECT json_array_elements_text(json_array_elements(others)) FROM names
    UNION SELECT string_to_table(replace(replace(unnest(queries), '''', ''), ' <-> ', ' '), ' ')
    FROM groups
)
SELECT
    (SELECT CASE WHEN reltuples > 10000 THEN reltuples::bigint
                 ELSE (SELECT count(*) FROM search_document) END
     FROM pg_class WHERE oid = 'search_document'::regclass),
    (SELECT json_object_agg(word, stem) FROM typed),
    (SELECT json_object_agg(stem, documents) FROM (
        SELECT stem, sum(documents) AS documents FROM search_word
        -- As an array: of a subquery the planner expects thousands of stems, and reads all words.
        WHERE stem = ANY (ARRAY(SELECT stem FROM stems)) GROUP BY stem) AS counted),
    (SELECT json_agg(json_build_array(normalised, kind, name, slug, is_public, others))
     FROM names),
    (SELECT json_agg(queries) FROM groups)
"""


def look_up(text: str, words: Collection[str], keys: Collection[str]) -> Known:
    """What is known of a query: its text, its words and its normalised names. One query."""
    parameters: dict[str, Any] = {"text": text, "words": sorted(words), "keys": sorted(keys)}
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        documents, stems, counts, names, groups = cursor.fetchone()
    return Known(
        documents,
        stems or {},
        counts or {},
        {
            key: Name(kind, name, slug, is_public, tuple(map(tuple, others)))
            for key, kind, name, slug, is_public, others in names or []
        },
        tuple(tuple(_stems(phrase) for phrase in group) for group in groups or []),
    )


def _stems(query: str) -> Stems:
    """The stems of a phrase from its tsquery, as in 'went' <-> 'down'."""
    return tuple(part.strip("' ") for part in query.split("<->"))
