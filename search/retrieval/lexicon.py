"""Looks up what the index and the catalogue know of a query's words."""

from collections.abc import Collection
from itertools import chain
from typing import Any

from django.db import connection
from django.utils import timezone

from search.query.english import AMBIGUOUS_NAMES, DICTIONARY, STOP_WORDS
from search.query.lexicon import Lexicon, Name, Stems
from search.query.tokenizer import tokenize
from search.retrieval.due import DUE
from stack.directory import DirectoryEntry, entry_named
from stack.models import Technology

# Names of drafts and scheduled episodes alone are as unknown as invented ones; names without a word
# have no stems.
NAMED = """
SELECT matched.normalised, '{kind}' AS kind, named.name, named.slug,
       (SELECT json_agg(stems) FROM {names} AS other, search_stems(other.name) AS stems
        WHERE other.{kind}_id = named.id AND stems <> '{{}}') AS names
FROM {names} AS matched JOIN {table} AS named ON named.id = matched.{kind}_id
WHERE matched.normalised = ANY (%(names)s::text[]) AND EXISTS (
    SELECT FROM {used_in} AS used JOIN search_document AS document USING (episode_id)
    WHERE used.{kind}_id = named.id AND document.published_at <= %(now)s)
"""
TECHNOLOGIES = NAMED.format(
    kind="technology",
    table="stack_technology",
    names="stack_technologyname",
    used_in="episodes_use",
)
GUESTS = NAMED.format(
    kind="guest", table="guests_guest", names="guests_guestname", used_in="episodes_appearance"
)
# A library's name may be its domain: jquery.com is jquery.
LIBRARIES = """
SELECT DISTINCT ON (key) key, library.name, library.slug
FROM stack_library AS library, regexp_replace(
    lower(name), '[.](com|dev|io|net|org)$|[^[:alnum:]]+', '', 'g') AS key
WHERE key = ANY (%(names)s::text[]) AND EXISTS (
    SELECT FROM episodes_libraryuse AS used JOIN search_document AS document USING (episode_id)
    WHERE used.library_id = library.id AND document.published_at <= %(now)s)
ORDER BY key, library.id
"""
# One round trip, since a search has many such small questions.
QUERY = f"""
WITH typed AS (
    SELECT word, coalesce((ts_lexize('search_stem', word))[1], word) AS stem
    FROM unnest(%(words)s::text[]) AS word
), named AS MATERIALIZED (
    SELECT * FROM ({GUESTS} UNION ALL {TECHNOLOGIES}) AS found WHERE names IS NOT NULL
), synonyms AS MATERIALIZED (
    SELECT queries FROM search_wordgroup
    WHERE active AND search_vector(%(text)s) @@ ANY (queries::tsquery[])
), stems AS (
    SELECT stem FROM typed
    UNION SELECT json_array_elements_text(json_array_elements(names)) FROM named
    UNION SELECT string_to_table(replace(replace(unnest(queries), '''', ''), ' <-> ', ' '), ' ')
    FROM synonyms
), candidate AS MATERIALIZED (
    SELECT word, stem, documents FROM search_word
    -- An array: the planner expects thousands of stems from a subquery and reads all words.
    WHERE stem = ANY (ARRAY(SELECT stem FROM stems))
), {DUE}
SELECT
    (SELECT count(*) FROM search_document WHERE published_at <= %(now)s),
    (SELECT json_object_agg(word, stem) FROM typed),
    (SELECT json_object_agg(stem, documents) FROM (
        SELECT stem, sum(documents) AS documents FROM due GROUP BY stem) AS counted),
    (SELECT json_agg(json_build_array(normalised, kind, name, slug, names))
     FROM named),
    (SELECT json_agg(queries) FROM synonyms),
    (SELECT json_agg(json_build_array(key, name, slug)) FROM ({LIBRARIES}) AS library),
    (SELECT json_agg(json_build_array(title, slug) ORDER BY position) FROM search_question
     WHERE search_vector(title) @@ plainto_tsquery('search_words', %(asked)s)),
    search_with_vector(search_stems(%(text)s))
"""  # noqa: S608 - of constants


def look_up(text: str, words: Collection[str], names: Collection[str]) -> Lexicon:
    """The lexicon of a query: of its text, its words and its normalized names. One query."""
    entries = {key: entry for key in names if (entry := _entry(key))}
    other_names = {key: [*filter(None, map(_words, entries[key].names))] for key in entries}
    other_words = chain.from_iterable(chain.from_iterable(other_names.values()))
    parameters: dict[str, Any] = {
        "text": text,
        "asked": " ".join(word for word in text.split() if word not in STOP_WORDS),
        "words": sorted({*words, *other_words}),
        "names": sorted(names),
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        documents, stems, frequencies, named, synonyms, libraries, saved, meant = cursor.fetchone()
    public = {
        key: Name(kind, name, slug, tuple(map(tuple, stems_of_names)))
        for key, kind, name, slug, stems_of_names in named or []
    }
    directory = {
        key: Name(
            "technology",
            entry.name,
            "",
            tuple(tuple(stems[word] for word in words) for words in other_names[key]),
        )
        for key, entry in entries.items()
        if key not in public
    }
    return Lexicon(
        documents,
        stems or {},
        frequencies or {},
        public,
        tuple(tuple(map(_stems, group)) for group in synonyms or []),
        {key: Name("library", name, slug) for key, name, slug in libraries or []},
        tuple(Name("question", title, slug) for title, slug in saved or []),
        directory,
        tuple(meant or ()),
    )


def _entry(key: str) -> DirectoryEntry | None:
    """The directory's entry, unless the name is an everyday word, or a practice of many names."""
    entry = None if _is_everyday(key) else entry_named(key)
    return entry if entry and entry.category != Technology.Category.PRACTICE else None


def _words(name: str) -> list[str]:
    """The words of a name; none if it is an everyday word."""
    words = [token.text for token in tokenize(name)]
    return [] if len(words) == 1 and _is_everyday(words[0]) else words


def _is_everyday(word: str) -> bool:
    words = (DICTIONARY, AMBIGUOUS_NAMES, STOP_WORDS)
    return len(word) < 3 or any(word in each for each in words)


def _stems(tsquery: str) -> Stems:
    """The stems of a phrase, as of 'went' <-> 'down'."""
    return tuple(stem.strip("' ") for stem in tsquery.split("<->"))
