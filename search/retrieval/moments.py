"""The moments of an episode that answer a query, with what matched marked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from search.query.concepts import LIKE, Concept, Pair
from search.query.tokenizer import words
from search.retrieval.expressions import any_of, worth_of
from search.retrieval.highlight import Span, marked
from search.retrieval.results import Moment

MOMENTS = 3  # shown of each episode
LONGEST = 2000  # characters of a passage that are looked at: what is longer isn't spoken
AS_GOOD = 0.4  # of the best moment's worth: others below it aren't counted

QUERY = """
WITH said AS MATERIALIZED (  -- by the episodes alone: an index of words has far more to read
    SELECT episode_id, source, seconds, text, vector FROM search_passage
    WHERE episode_id = ANY (%(episodes)s) AND source NOT IN ('title', 'stack')
), passage AS (
    SELECT episode_id, source, seconds, text, {worth} AS worth,
           ts_rank(vector, %(any)s) AS rank
    FROM said WHERE vector @@ %(any)s
), placed AS (
    SELECT *, max(worth) OVER (PARTITION BY episode_id) AS best,
           row_number() OVER (
               PARTITION BY episode_id
               ORDER BY worth DESC, (source = 'topic') DESC, seconds IS NULL, rank DESC, seconds
           ) AS place
    FROM passage
), counted AS (
    SELECT *, count(*) OVER (PARTITION BY episode_id) AS alike FROM placed
    WHERE worth >= {as_good} * best
)
SELECT episode_id, source, seconds, left(text, {longest}), search_stems(left(text, {longest})),
       alike
FROM counted WHERE place <= {most} ORDER BY episode_id, place
"""


@dataclass(slots=True)
class Answers:
    """The best moments of an episode, how many more are as good, and for each concept that
    they hold in like words only (by its place in the query) those words.
    """

    moments: list[Moment] = field(default_factory=list)
    more: int = 0
    like: dict[int, str] = field(default_factory=dict)


def best_moments(
    concepts: Sequence[Concept], pairs: Sequence[Pair], episodes: Sequence[int]
) -> dict[int, Answers]:
    """What of these episodes, by key, answers the concepts. One query."""
    if not concepts or not episodes:
        return {}
    parameters: dict[str, Any] = {"any": any_of(concepts), "episodes": list(episodes)}
    sql = QUERY.format(
        worth=worth_of(concepts, pairs, parameters), as_good=AS_GOOD, most=MOMENTS, longest=LONGEST
    )
    found: dict[int, Answers] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for episode, source, seconds, text, stems, alike in cursor:
            of_episode = found.setdefault(episode, Answers())
            said = words(text)
            # Where the two know letters of different Unicode versions, nothing is marked.
            stems = stems if len(stems) == len(said) else []
            spans: list[Span] = []
            for place, concept in enumerate(concepts):
                plain, like = _spans(concept, stems)
                spans += plain or like
                for first, last in like[: not plain]:
                    of_episode.like[place] = text[said[first].start : said[last].end]
            moment = Moment(seconds, text, marked(text, said, spans), source)
            of_episode.moments.append(moment)
            of_episode.more = alike - len(of_episode.moments)
    return found


def _spans(concept: Concept, stems: Sequence[str]) -> tuple[list[Span], list[Span]]:
    """Where the words say a concept as such, and where in words of like meaning."""
    plain: list[Span] = []
    like: list[Span] = []
    for way in concept.ways:
        length = len(way.stems)
        for start in range(len(stems) - length + 1):
            if tuple(stems[start : start + length]) == way.stems:
                (plain if way.quality > LIKE else like).append((start, start + length - 1))
    return plain, like
