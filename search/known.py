"""What the catalogue knows of a query's words: names, groups of like words, and who says them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

Stems = tuple[str, ...]

# One round trip for everything, since a search has many such small questions.
QUERY = """
SELECT
    (SELECT CASE WHEN reltuples > 10000 THEN reltuples::bigint
                 ELSE (SELECT count(*) FROM search_document) END
     FROM pg_class WHERE oid = 'search_document'::regclass),
    (SELECT json_agg(json_build_array(word, stem, documents)) FROM (
        SELECT typed.word, typed.stem, coalesce(sum(said.documents), 0) AS documents
        FROM (SELECT word, coalesce((ts_lexize('search_stem', word))[1], word) AS stem
              FROM unnest(%(words)s::text[]) AS word) AS typed
        LEFT JOIN search_word AS said ON said.stem = typed.stem
        GROUP BY typed.word, typed.stem) AS looked_up),
    (SELECT json_agg(json_build_array(
        normalised, 'technology', name, slug, is_public, others)) FROM (
        SELECT known.normalised, technology.name, technology.slug,
               EXISTS (SELECT FROM episodes_use AS use
                       JOIN search_document AS document ON document.episode_id = use.episode_id
                       WHERE use.technology_id = technology.id
                       AND document.published_at <= now()) AS is_public,
               (SELECT json_agg(search_stems(other.name)) FROM stack_technologyname AS other
                WHERE other.technology_id = technology.id) AS others
        FROM stack_technologyname AS known
        JOIN stack_technology AS technology ON technology.id = known.technology_id
        WHERE known.normalised = ANY (%(keys)s::text[])) AS technologies),
    (SELECT json_agg(json_build_array(
        normalised, 'guest', name, slug, is_public, others)) FROM (
        SELECT known.normalised, guest.name, guest.slug,
               EXISTS (SELECT FROM episodes_appearance AS appearance
                       JOIN search_document AS document
                           ON document.episode_id = appearance.episode_id
                       WHERE appearance.guest_id = guest.id
                       AND document.published_at <= now()) AS is_public,
               (SELECT json_agg(search_stems(other.name)) FROM guests_guestname AS other
                WHERE other.guest_id = guest.id) AS others
        FROM guests_guestname AS known JOIN guests_guest AS guest ON guest.id = known.guest_id
        WHERE known.normalised = ANY (%(keys)s::text[])) AS guests),
    (SELECT json_agg(queries) FROM search_wordgroup
     WHERE search_vector(%(text)s) @@ ANY (queries::tsquery[]))
"""


@dataclass(frozen=True, slots=True)
class Name:
    """A technology or guest the query names, with the stems of every name it goes by.

    `is_public`: it is of a published episode, so it has a page.
    """

    kind: str
    name: str
    slug: str
    is_public: bool
    stems: tuple[Stems, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """`documents` in the index; of each word its stem and in how many documents that stands;
    what is named by which key; and the groups of which the query holds a phrase.
    """

    documents: int
    stems: dict[str, str]
    counts: dict[str, int]
    names: dict[str, Name]
    groups: tuple[tuple[Stems, ...], ...]


def look_up(text: str, words: Collection[str], keys: Collection[str]) -> Known:
    """What is known of a query: its text, its words and its normalised names. One query."""
    parameters: dict[str, Any] = {"text": text, "words": sorted(words), "keys": sorted(keys)}
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        documents, looked_up, technologies, guests, groups = cursor.fetchone()
    rows = looked_up or []
    return Known(
        documents,
        {word: stem for word, stem, _ in rows},
        {word: count for word, _, count in rows},
        {
            key: Name(kind, name, slug, is_public, tuple(tuple(each) for each in others if each))
            for key, kind, name, slug, is_public, others in [*(guests or []), *(technologies or [])]
        },
        tuple(tuple(_stems(phrase) for phrase in group) for group in groups or []),
    )


def _stems(query: str) -> Stems:
    """The stems of a phrase from its tsquery, as in 'went' <-> 'down'."""
    return tuple(part.strip("' ") for part in query.split("<->"))
