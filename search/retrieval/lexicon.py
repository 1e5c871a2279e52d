"""Looks up what the index and the catalogue know of a query's words."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from search.query.lexicon import Lexicon, Name, Stems

# One round trip, since a search has many such small questions. Uses and appearances are asked for
# their documents one by one: in a join, those of a rare name are met only at the end.
QUERY = """
WITH typed AS (
    SELECT word, coalesce((ts_lexize('search_stem', word))[1], word) AS stem
    FROM unnest(%(words)s::text[]) AS word
), technologies AS (
    SELECT matched.normalised, 'technology' AS kind, technology.name, technology.slug,
           (SELECT use.id FROM episodes_use AS use WHERE use.technology_id = technology.id AND (
                SELECT 1 FROM search_document AS document
                WHERE document.episode_id = use.episode_id AND document.published_at <= now()
            ) IS NOT NULL LIMIT 1) IS NOT NULL AS is_public,
           (SELECT json_agg(stems) FROM stack_technologyname AS other, search_stems(other.name)
            AS stems WHERE other.technology_id = technology.id AND stems <> '{}') AS names
    FROM stack_technologyname AS matched
    JOIN stack_technology AS technology ON technology.id = matched.technology_id
    WHERE matched.normalised = ANY (%(names)s::text[])
), guests AS (
    SELECT matched.normalised, 'guest' AS kind, guest.name, guest.slug,
           (SELECT appearance.id FROM episodes_appearance AS appearance
            WHERE appearance.guest_id = guest.id AND (
                SELECT 1 FROM search_document AS document
                WHERE document.episode_id = appearance.episode_id
                AND document.published_at <= now()
            ) IS NOT NULL LIMIT 1) IS NOT NULL AS is_public,
           (SELECT json_agg(stems) FROM guests_guestname AS other, search_stems(other.name)
            AS stems WHERE other.guest_id = guest.id AND stems <> '{}') AS names
    FROM guests_guestname AS matched JOIN guests_guest AS guest ON guest.id = matched.guest_id
    WHERE matched.normalised = ANY (%(names)s::text[])
), named AS MATERIALIZED (
    SELECT * FROM (SELECT * FROM guests UNION ALL SELECT * FROM technologies) AS found
    WHERE names IS NOT NULL -- null where no name has a word
), synonyms AS MATERIALIZED (
    SELECT queries FROM search_wordgroup
    WHERE search_vector(%(text)s) @@ ANY (queries::tsquery[])
), stems AS (
    SELECT stem FROM typed
    UNION SELECT json_array_elements_text(json_array_elements(names)) FROM named
    UNION SELECT string_to_table(replace(replace(unnest(queries), '''', ''), ' <-> ', ' '), ' ')
    FROM synonyms
)
SELECT
    (SELECT CASE WHEN reltuples > 10000 THEN reltuples::bigint
                 ELSE (SELECT count(*) FROM search_document) END
     FROM pg_class WHERE oid = 'search_document'::regclass),
    (SELECT json_object_agg(word, stem) FROM typed),
    (SELECT json_object_agg(stem, documents) FROM (
        SELECT stem, sum(documents) AS documents FROM search_word
        -- An array: the planner expects thousands of stems from a subquery and reads all words.
        WHERE stem = ANY (ARRAY(SELECT stem FROM stems)) GROUP BY stem) AS counted),
    (SELECT json_agg(json_build_array(normalised, kind, name, slug, is_public, names))
     FROM named),
    (SELECT json_agg(queries) FROM synonyms)
"""


def look_up(text: str, words: Collection[str], names: Collection[str]) -> Lexicon:
    """The lexicon of a query: of its text, its words and its normalized names. One query."""
    parameters: dict[str, Any] = {"text": text, "words": sorted(words), "names": sorted(names)}
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        documents, stems, frequencies, named, synonyms = cursor.fetchone()
    return Lexicon(
        documents,
        stems or {},
        frequencies or {},
        {
            key: Name(kind, name, slug, is_public, tuple(map(tuple, each)))
            for key, kind, name, slug, is_public, each in named or []
        },
        tuple(tuple(map(_stems, group)) for group in synonyms or []),
    )


def _stems(tsquery: str) -> Stems:
    """The stems of a phrase, as of 'went' <-> 'down'."""
    return tuple(stem.strip("' ") for stem in tsquery.split("<->"))
