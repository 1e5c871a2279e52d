"""Suggestions of the search box: a few names, questions, episodes and moments."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import connection
from django.utils import timezone

from episodes.models import Episode
from search.models import Passage
from search.query.english import STOP_WORDS
from search.query.parse import MAX_LENGTH, episode_number
from search.query.tokenizer import tokenize
from search.retrieval.due import DUE
from search.retrieval.highlight import highlight
from search.retrieval.named import (
    GUESTS,
    MIN_LETTERS,
    guests_named,
    libraries_named,
    questions_named,
    technologies_named,
)
from search.retrieval.results import DirectHit, MatchingMoment, Suggestions
from search.retrieval.sound_alikes import guests_begun
from search.retrieval.spelling import respelled

MAX_WORDS = 8
EPISODES, MOMENTS = 3, 4
MOST_COMPLETIONS = 8  # of the last word

COMPLETIONS = f"""
WITH candidate AS MATERIALIZED (
    SELECT word, stem, documents FROM search_word
    WHERE word ~>=~ %(prefix)s AND word ~<~ (%(prefix)s || chr(1114109))
), {DUE}
SELECT word FROM due WHERE word <> ALL (%(stop_words)s)
ORDER BY documents DESC, word LIMIT {MOST_COMPLETIONS}
"""  # noqa: S608 - of constants
TITLED = "to_tsvector('search_words', search_normalize(title)) @@ to_tsquery('search_words', %s)"
TOPICS = """
SELECT DISTINCT ON (published_at, episode_id) episode_id, seconds, text
FROM search_passage AS topic JOIN search_document AS document USING (episode_id)
WHERE topic.vector @@ to_tsquery('search_words', %(query)s) AND source = 'topic'
AND published_at <= %(now)s
ORDER BY published_at DESC, episode_id DESC, seconds LIMIT %(most)s
"""


def suggest(text: str) -> Suggestions:
    """Suggestions for a text that is being typed, forgiving a typo if there are none."""
    is_ended = text.endswith(" ")
    text = " ".join(text.replace("\0", " ").split())[:MAX_LENGTH]
    tokens = tokenize(text)[:MAX_WORDS]
    if len(text) < MIN_LETTERS or not tokens:
        return Suggestions()
    is_begun = len(tokens) == 1 and not is_ended  # do may become docker
    if not is_begun and all(token.text in STOP_WORDS for token in tokens):
        return Suggestions(technologies_named(text))
    typed = [token.text for token in tokens]
    found = _suggestions(text, typed)
    if found == Suggestions():
        found = replace(found, guests=guests_begun(typed)[:GUESTS])
    spelling = respelled(set(typed) - STOP_WORDS) if found == Suggestions() else {}
    if not spelling:
        return found
    for token in reversed(tokens):
        text = text[: token.start] + spelling.get(token.text, token.text) + text[token.end :]
    return _suggestions(text, [spelling.get(word, word) for word in typed])


def _suggestions(text: str, typed: list[str]) -> Suggestions:
    """`typed`: the words of the text."""
    query = _prefix_query(typed)
    number = episode_number(text)
    titled = Episode.objects.extra(where=[TITLED], params=[query])  # noqa: S610 - of a constant
    episodes = [
        *(Episode.objects.published().filter(number=number[1]).newest_first() if number else ()),
        *(titled.published().newest_first()[:EPISODES] if query else ()),
    ]
    return Suggestions(
        technologies_named(text),
        guests_named(typed),
        libraries_named(text, typed),
        questions_named(typed),
        tuple(dict.fromkeys(map(_hit, episodes)))[:EPISODES],
        tuple(_moments(query, typed)) if query else (),
    )


def _moments(query: str, typed: list[str]) -> Iterator[tuple[Episode, MatchingMoment]]:
    """The newest topics with these words, one of each episode, highlighted."""
    with connection.cursor() as cursor:
        cursor.execute(TOPICS, {"query": query, "now": timezone.now(), "most": MOMENTS})
        topics = cursor.fetchall()
    episodes = Episode.objects.published().in_bulk([key for key, *_ in topics])
    prefixes = tuple(word for word in typed if len(word) >= MIN_LETTERS and word not in STOP_WORDS)
    for key, seconds, text in topics:
        tokens = tokenize(text)
        spans = [(at, at) for at, token in enumerate(tokens) if token.text.startswith(prefixes)]
        html = highlight(text, tokens, spans)
        if key in episodes:
            yield episodes[key], MatchingMoment(seconds, text, html, Passage.Source.TOPIC)


def _prefix_query(typed: list[str]) -> str:
    """A query for all words but stop words, the last one completed; empty if no word begins so."""
    *earlier, last = typed
    terms = [f"'{word}'" for word in earlier if word not in STOP_WORDS]
    if len(last) >= MIN_LETTERS:
        with connection.cursor() as cursor:
            values: Any = {"prefix": last, "stop_words": list(STOP_WORDS), "now": timezone.now()}
            cursor.execute(COMPLETIONS, values)
            words = [f"'{word}'" for (word,) in cursor]
        terms = [*terms, f"({' | '.join(words)})"] if words else []
    return " & ".join(terms)


def _hit(episode: Episode) -> DirectHit:
    kind = "Interview " if episode.is_interview else "#"
    number = f"{kind}{episode.number} " if episode.number is not None else ""
    return DirectHit("episode", f"{number}{episode.title}", episode.get_absolute_url())
