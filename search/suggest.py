"""Suggestions of the search box: a few technologies, guests, libraries, episodes and moments.

Of a frequent word only the newest episodes are read, so that it costs no more than a rare one.
"""

from dataclasses import replace
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from episodes.models import PUBLISHED, Episode
from search.completions import completed_comparisons, completed_filters
from search.models import Passage
from search.query.english import STOP_WORDS
from search.query.parse import MAX_LENGTH, episode_number
from search.query.tokenizer import tokenize
from search.retrieval.due import DUE
from search.retrieval.highlight import highlight
from search.retrieval.named import (
    GUESTS,
    MIN_LETTERS,
    SPARE,
    guests_named,
    libraries_named,
    technologies_named,
)
from search.retrieval.results import DirectHit, MatchingMoment, Suggestions
from search.retrieval.sound_alikes import guests_begun
from search.retrieval.spelling import respelled

MAX_WORDS = 8
EPISODES, MOMENTS = 3, 4
COMPLETIONS = 8  # of the last word
FEW = 2  # suggestions, to which guests are added whose names sound like the words typed

# The newest episodes are searched first; for a rare query, all by the index.
NEWEST = 60
RARE = 1000  # documents
MAX_MATCHES = 100  # read from the index

FREQUENCIES = f"""
WITH candidate AS MATERIALIZED (
    SELECT word, stem, documents FROM search_word
    WHERE word = ANY (%(words)s) OR word ~>=~ %(prefix)s AND word ~<~ (%(prefix)s || chr(1114109))
), {DUE}
SELECT word, documents FROM due
ORDER BY word = ANY (%(words)s) DESC, documents DESC, word LIMIT %(most)s
"""  # noqa: S608 - of constants
TITLES = f"""
SELECT id FROM (
    SELECT id, published_at FROM {{episodes}}
    WHERE to_tsvector('search_words', search_normalize(title))
        @@ to_tsquery('search_words', %(query)s)
      AND {PUBLISHED}
    LIMIT %(matches)s
) AS found ORDER BY published_at DESC, id DESC LIMIT %(most)s
"""  # noqa: S608 - of constants
ALL_EPISODES = "episodes_episode"
NEWEST_EPISODES = f"""(
    SELECT * FROM episodes_episode WHERE {PUBLISHED}
    ORDER BY published_at DESC, number DESC, id DESC LIMIT %(newest)s
) AS newest"""  # noqa: S608 - of constants
# Only passages of matching documents are read, in the order of the result, so that reading ends
# with the last moment shown.
NEWEST_TOPICS = """
SELECT document.episode_id, topic.seconds, topic.text FROM (
    SELECT episode_id, published_at, vector FROM search_document WHERE published_at <= %(now)s
    ORDER BY published_at DESC, episode_id DESC LIMIT %(newest)s
) AS document CROSS JOIN LATERAL (
    SELECT seconds, text FROM (
        SELECT * FROM search_passage WHERE episode_id = document.episode_id OFFSET 0
    ) AS passage WHERE vector @@ to_tsquery('search_words', %(query)s) AND source = 'topic'
    ORDER BY seconds LIMIT 1
) AS topic
WHERE document.vector @@ to_tsquery('search_words', %(query)s)
ORDER BY document.published_at DESC, document.episode_id DESC LIMIT %(most)s
"""
ALL_TOPICS = """
SELECT episode_id, seconds, text FROM (
    SELECT DISTINCT ON (published_at, episode_id) * FROM (
        SELECT topic.*, (SELECT published_at FROM search_document AS document
                         WHERE document.episode_id = topic.episode_id) AS published_at
        FROM (
            SELECT episode_id, seconds, text FROM search_passage
            WHERE vector @@ to_tsquery('search_words', %(query)s) AND source = 'topic'
            LIMIT %(matches)s
        ) AS topic
    ) AS dated
    WHERE published_at <= %(now)s ORDER BY published_at DESC, episode_id DESC, seconds
) AS first LIMIT %(most)s
"""


class PrefixQuery(NamedTuple):
    """Words, with the completions of the last one."""

    tsquery: str
    is_rare: bool


def suggest(text: str) -> Suggestions:
    """Suggestions for a text that is still being typed, forgiving a typo if there are none. Eleven
    queries at most, and ten again for a typo.
    """
    is_ended = text.endswith(" ")
    text = " ".join(text.replace("\0", " ").split())[:MAX_LENGTH]
    if not is_ended:
        filters = completed_filters(text)
        if filters is not None:
            return Suggestions(searches=filters)
        if comparisons := completed_comparisons(text):
            return Suggestions(searches=comparisons)
    tokens = tokenize(text)[:MAX_WORDS]
    if len(text) < MIN_LETTERS or not tokens:
        return Suggestions()
    is_begun = len(tokens) == 1 and not is_ended  # do may become docker
    if not is_begun and all(token.text in STOP_WORDS for token in tokens):
        return Suggestions(technologies_named(text))
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner has no statistics for rare words and expects to meet them soon in a scan.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        typed = [token.text for token in tokens]
        found = _suggestions(text, typed)
        if found.count <= FEW and not found.guests:
            found = replace(found, guests=guests_begun(typed)[:GUESTS])
        if found != Suggestions():
            return found
        spelling = respelled(set(typed) - STOP_WORDS)
        if not spelling:
            return found
        for token in reversed(tokens):
            text = text[: token.start] + spelling.get(token.text, token.text) + text[token.end :]
        return _suggestions(text, [spelling.get(word, word) for word in typed])


def _suggestions(text: str, typed: list[str]) -> Suggestions:
    """`typed`: the words of the text."""
    query = _prefix_query(typed)
    titled, topics = (_titled(query), _topics(query)) if query else ([], [])
    keys = {*titled, *(key for key, *_ in topics)}
    episodes = Episode.objects.published().in_bulk(keys) if keys else {}
    hits = [*_numbered(text), *(_hit(episodes[key]) for key in titled if key in episodes)]
    moments = tuple(
        (episodes[key], _moment(seconds, topic, typed))
        for key, seconds, topic in topics
        if key in episodes
    )
    return Suggestions(
        technologies_named(text),
        guests_named(typed),
        libraries_named(text, typed),
        tuple(dict.fromkeys(hits))[:EPISODES],
        moments,
    )


def _numbered(text: str) -> tuple[DirectHit, ...]:
    number = episode_number(text)
    if number is None:
        return ()
    rows = Episode.objects.published().filter(number=number).newest_first()
    return tuple(map(_hit, rows[:EPISODES]))


def _titled(query: PrefixQuery) -> list[int]:
    """The keys of the newest episodes with these words in the title."""
    sql = TITLES.format(episodes=ALL_EPISODES if query.is_rare else NEWEST_EPISODES)
    return [key for (key,) in _rows(sql, query, EPISODES)]


def _topics(query: PrefixQuery) -> list[tuple[int, int, str]]:
    """The newest topics with these words, one of each episode: its key, second and text."""
    topics = _rows(NEWEST_TOPICS, query, MOMENTS)
    if len(topics) < MOMENTS and query.is_rare:
        topics = _rows(ALL_TOPICS, query, MOMENTS)
    return topics


def _rows(sql: str, query: PrefixQuery, most: int) -> list[Any]:
    limits = {"newest": NEWEST, "matches": MAX_MATCHES, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"query": query.tsquery, "now": timezone.now(), **limits})
        return cursor.fetchall()


def _prefix_query(typed: list[str]) -> PrefixQuery | None:
    """A query for all words but stop words; None if no word begins like the last one."""
    *earlier, last = typed
    words = [word for word in earlier if word not in STOP_WORDS]
    prefix = last if len(last) >= MIN_LETTERS else None
    if not words and not prefix:
        return None
    frequencies = _frequencies(words, prefix)
    terms = [f"'{word}'" for word in words]
    documents = [frequencies[word] for word in words if word in frequencies]
    if prefix:
        completions = [
            word for word in frequencies if word.startswith(prefix) and word not in STOP_WORDS
        ][:COMPLETIONS]
        if not completions:
            return None
        terms.append("(" + " | ".join(f"'{word}'" for word in completions) + ")")
        documents.append(sum(frequencies[word] for word in completions))
    return PrefixQuery(" & ".join(terms), min(documents, default=0) <= RARE)


def _frequencies(words: list[str], prefix: str | None) -> dict[str, int]:
    """Document frequencies of these words and of the most frequent ones with a prefix, highest
    first.
    """
    most = len(words) + COMPLETIONS + SPARE
    with connection.cursor() as cursor:
        parameters = {"words": words, "prefix": prefix, "now": timezone.now(), "most": most}
        cursor.execute(FREQUENCIES, parameters)
        return dict(sorted(cursor, key=lambda row: -row[1]))


def _moment(seconds: int, text: str, typed: list[str]) -> MatchingMoment:
    """The moment, with highlights on the words that begin like one of those typed."""
    prefixes = tuple(word for word in typed if len(word) >= MIN_LETTERS and word not in STOP_WORDS)
    tokens = tokenize(text)
    spans = [(at, at) for at, token in enumerate(tokens) if token.text.startswith(prefixes)]
    return MatchingMoment(seconds, text, highlight(text, tokens, spans), Passage.Source.TOPIC)


def _hit(episode: Episode) -> DirectHit:
    kind = "Interview " if episode.is_interview else "#"
    number = f"{kind}{episode.number} " if episode.number is not None else ""
    return DirectHit("episode", f"{number}{episode.title}", episode.get_absolute_url())
