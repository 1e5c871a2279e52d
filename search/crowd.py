"""Where so many documents hold what is asked for that ranking them all would take too long.

Only above some thousands of episodes. Documents carry marks of how much they say of a word (see
search_marks in the migrations), and passages say where concepts meet. Both are read from their
indexes alone, from the most on, until there are enough episodes to rank.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import ceil

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from search.concepts import LIKE, Concept, telling
from search.expressions import Parameters, any_of

CROWDED = 2000  # documents that hold one concept; below it all of them are ranked
FEW = 60  # where concepts meet so seldom, what is said apart counts more
ENOUGH = 200  # episodes of which a mark says that they are the best
MANY_MEET = 1000  # passages in which concepts meet
FEW_PHRASES = 30  # episodes, and a phrase is looked for in the passages with its words
MOST_MEETING = 4000  # passages with a phrase
LEVELS = (8, 7, 6, 5, 4, 3, 2, 1)
# Several concepts: their levels in sum, as a share of all there can be.
SHARES = (0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
MOST_SHARES = 4  # of these, where many meet
FEW_EXPECTED = 1000  # documents that are read at once rather than level by level
MOST_WEIGHED = 3  # concepts

# Materialized, lest the planner walks all documents from the newest on until enough match.
NEWEST = """
WITH matching AS MATERIALIZED (
    SELECT episode_id, published_at FROM search_document AS document
    WHERE document.vector @@ %(query)s AND {allowed}
)
SELECT episode_id FROM matching ORDER BY published_at DESC, episode_id DESC LIMIT %(most)s
"""
# Reading contents for the order of their words is for some hundreds only.
PHRASES = """
WITH matching AS MATERIALIZED (
    SELECT episode_id, published_at FROM search_document AS document
    WHERE document.vector @@ %(query)s AND {allowed}
), newest AS MATERIALIZED (
    SELECT episode_id FROM matching ORDER BY published_at DESC, episode_id DESC LIMIT %(most)s
)
SELECT episode_id FROM newest JOIN search_content AS content USING (episode_id)
WHERE content.said @@ %(phrase)s
"""
# The limit is on passages, and unordered: if it is reached, these are some, not the best.
MEETING = """
SELECT episode_id FROM search_passage WHERE vector @@ %(query)s LIMIT %(most)s
"""
EXPECTED = "EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE vector @@ %(query)s"

# Queries of which each finds less than those after it, and the last all that any of them does.
Steps = Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The keys of the episodes to rank, and of those of them where concepts meet in a passage;
    `is_cut`: others answer too.
    """

    episodes: list[int]
    is_cut: bool
    meeting: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Look:
    """Looking into the indexes for episodes."""

    cursor: CursorWrapper
    allowed: str
    parameters: Parameters

    def keys(self, sql: str, query: str, most: int, **more: str) -> list[int]:
        self.cursor.execute(sql, {**self.parameters, "query": query, "most": most, **more})
        return [key for (key,) in self.cursor]

    def until_enough(self, asked: Iterable[Steps], enough: int) -> list[int]:
        """Query by query the newest of its documents, until these are enough."""
        newest = NEWEST.format(allowed=self.allowed)
        found: dict[int, None] = {}
        for steps in asked:
            for query in self._needed([query for query in steps if query]):
                found |= dict.fromkeys(self.keys(newest, query, 2 * enough - len(found)))
                if len(found) >= enough:
                    return list(found)
        return list(found)

    def _needed(self, steps: Steps) -> Steps:
        """The last one alone, where it finds so few that nearly all of them are read."""
        if len(steps) > 1 and self.expected("search_document", steps[-1]) <= FEW_EXPECTED:
            return steps[-1:]
        return steps

    def expected(self, table: str, query: str) -> int:
        """About how many rows a query finds: what the planner thinks, without looking."""
        self.cursor.execute(EXPECTED.format(table=table), {"query": query})
        (((plan,),),) = self.cursor.fetchall()
        return int(plan["Plan"]["Plan Rows"])


def crowd(
    concepts: Sequence[Concept], allowed: str, parameters: Parameters, *, newest: bool
) -> Candidates | None:
    """The episodes among which the best (or newest) are; None where all can be ranked.

    `allowed` is SQL that says which documents may be found at all.
    """
    said = [concept for concept in concepts if concept.documents]
    if max((concept.documents for concept in said), default=0) <= CROWDED:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner doesn't know what reading a tsvector costs and would read them all.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        look = _Look(cursor, allowed, parameters)
        if len(said) == 1 and said[0].is_quoted:
            return _phrase(said[0], look, newest=newest)
        if len(said) > 1 and not newest:
            return _several(said, look)
        asked = [[_every(said)], [_either(said)]] if newest else _from_most_on(said)
        found = look.until_enough(asked, ENOUGH)
        return Candidates(found, is_cut=len(found) >= ENOUGH)


def _several(concepts: Sequence[Concept], look: _Look) -> Candidates:
    """The episodes where concepts meet, and those that say most of them wherever they stand: fewer
    of these where many meet, and only these where so many meet that they do in most of them.

    Beside what tells, words in most episodes weigh next to nothing: so likewise of that alone.
    """
    met, is_cut = _met(concepts, look)
    if len(met) >= FEW and not is_cut:
        most = look.until_enough(_from_most_on(concepts, only=MOST_SHARES), ENOUGH)
    else:
        most = look.until_enough(_from_most_on(concepts), MOST_WEIGHED * ENOUGH)
    if is_cut:
        met = [*most]
    tells = telling(concepts)
    if len(tells) < len(concepts):
        most += look.until_enough(_from_most_on(tells), ENOUGH)
        if any(len(way.stems) > 1 for concept in tells for way in concept.ways):
            met += look.keys(MEETING, _in_passage(tells), ENOUGH)
    found = list(dict.fromkeys([*met, *most]))
    return Candidates(found, len(found) >= ENOUGH, met)


def _phrase(concept: Concept, look: _Look, *, newest: bool) -> Candidates:
    """Those with the phrase in a passage, where few passages hold its words. Else those among the
    documents that say most of its words (or are the newest with them), if these aren't few.
    """
    phrase, in_passage = any_of([concept]), _in_passage([concept])
    if look.expected("search_passage", in_passage) <= MOST_MEETING:
        passages = look.keys(MEETING, in_passage, MOST_MEETING)
        if len(passages) < MOST_MEETING:
            return Candidates(list(dict.fromkeys(passages)), is_cut=False)
    among = [_words(concept)] if newest else [_marked(concept, level) for level in LEVELS[:-2]]
    found: dict[int, None] = {}
    for words in among:
        keys = look.keys(PHRASES.format(allowed=look.allowed), words, 2 * ENOUGH, phrase=phrase)
        found |= dict.fromkeys(keys)
        if len(found) >= FEW_PHRASES:
            return Candidates(list(found), is_cut=True)
    passages = look.keys(MEETING, in_passage, MOST_MEETING)
    found |= dict.fromkeys(passages)
    return Candidates(list(found), is_cut=len(passages) == MOST_MEETING)


def _met(concepts: Sequence[Concept], look: _Look) -> tuple[list[int], bool]:
    """The episodes with a passage that holds every concept, or else the rarest of them; and
    whether so many passages hold every one that these are some of them, in no order.
    """
    rarest = sorted(concepts, key=lambda concept: concept.documents)
    if look.expected("search_passage", _in_passage(rarest)) >= MANY_MEET:
        return [], True
    passages = look.keys(MEETING, _in_passage(rarest), MANY_MEET)
    met = dict.fromkeys(passages)
    for several in sorted({min(3, len(rarest)), 2} - {len(rarest)}, reverse=True):
        if len(met) >= FEW:
            break
        met |= dict.fromkeys(look.keys(MEETING, _in_passage(rarest[:several]), MANY_MEET))
    return list(met), len(passages) == MANY_MEET


def _from_most_on(concepts: Sequence[Concept], only: int | None = None) -> Iterator[Steps]:
    """Queries for the documents that say most of the concepts, then for those that say less.

    `only`: so many shares of all that can be said of them, and of what is less nothing.
    """
    rarest = sorted(concepts, key=lambda concept: concept.documents)
    while rarest and rarest[0].documents <= CROWDED:
        yield [_either(rarest[:1], worst=0)]
        rarest = rarest[1:]
    for worst in (LIKE, 0) if len(rarest) > 1 else ():
        shares = [_weighed(rarest, share, worst) for share in SHARES[:only]]
        yield (
            shares
            if only
            else [*shares, _every(rarest, worst), _every(rarest[:MOST_WEIGHED], worst)]
        )
        if only:
            return
    for concept in rarest:
        yield [_marked(concept, level) for level in LEVELS]
        yield [_words(concept, longest=1)]
        yield [_words(concept)]
        # Before all that hold a like word, which may be most: those that say much of it.
        yield [_marked(concept, level, worst=0) for level in LEVELS if 2 * level <= LEVELS[0]]
    yield [_either(concepts, worst=0)]


def _weighed(concepts: Sequence[Concept], share: float, worst: float) -> str:
    """A tsquery for documents that hold all of the rarest concepts, whose levels, by their
    weights, come to such a share of all there can be. Of more than that nothing is asked.
    """
    weighed = concepts[:MOST_WEIGHED]
    return " | ".join(
        "({})".format(
            " & ".join(
                _marked(concept, level, worst) if level else _words(concept, worst)
                for concept, level in zip(weighed, each, strict=True)
            )
        )
        for each in _least_levels([concept.weight for concept in weighed], share)
    )


def _least_levels(weights: Sequence[float], share: float) -> list[tuple[int, ...]]:
    """Levels that come to the share, of which none can be lower: the last by what is missing."""
    step = 1 if len(weights) == 2 else 2
    least = share * LEVELS[0] * sum(weights)
    *others, last = weights
    lowest: dict[tuple[int, ...], int] = {}
    for each in product(range(0, LEVELS[0] + 1, step), repeat=len(others)):
        missing = least - sum(w * level for w, level in zip(others, each, strict=True))
        level = max(0, step * ceil(missing / (last * step)))
        if level <= LEVELS[0]:
            lowest[each] = level
    return [
        (*each, level)
        for each, level in lowest.items()
        if not any(lowest.get(less, level + 1) <= level for less in _one_less(each, step))
    ]


def _one_less(levels: Sequence[int], step: int) -> Iterator[tuple[int, ...]]:
    for place, level in enumerate(levels):
        if level >= step:
            yield (*levels[:place], level - step, *levels[place + 1 :])


def _marked(concept: Concept, level: int, worst: float = LIKE) -> str:
    """A tsquery for documents that say at least so much of a concept in its own words: by a
    phrase only if it has no other, for the words of one say little of it. And of like words, if
    `worst` lets them in, twice as much, for they count half.
    """
    own = [way.stems for way in concept.ways if way.quality > LIKE and not way.in_head]
    single = [stems for stems in own if len(stems) == 1]
    marked = [[f"'+{level}{stem}'" for stem in stems] for stems in single or own]
    if worst < LIKE and 2 * level <= LEVELS[0]:
        like = [way.stems for way in concept.ways if way.quality == LIKE and len(way.stems) == 1]
        marked += [[f"'+{2 * level}{stem}'" for stem in stems] for stems in like]
    return _either_way(marked)


def _words(concept: Concept, worst: float = LIKE, longest: int = 100) -> str:
    """A tsquery for documents with the words of a concept, wherever in them they stand: order
    can't be told from the index, and reading so many documents for it takes too long. Left out
    are ways that are as bad as `worst` or longer than `longest` words, and phrases of like meaning.
    """
    return _either_way(
        [f"'{stem}'" for stem in way.stems]
        for way in concept.ways
        if way.quality > worst and len(way.stems) <= (longest if way.quality > LIKE else 1)
    )


def _either_way(ways: Iterable[Sequence[str]]) -> str:
    either = " | ".join(f"({' & '.join(words)})" for words in ways)
    return f"({either})" if either else ""


def _every(concepts: Sequence[Concept], worst: float = LIKE) -> str:
    return " & ".join(_words(concept, worst) for concept in concepts)


def _either(concepts: Sequence[Concept], worst: float = LIKE) -> str:
    return " | ".join(_words(concept, worst) for concept in concepts)


def _in_passage(concepts: Sequence[Concept]) -> str:
    return " & ".join(f"({any_of([concept], better_than=LIKE)})" for concept in concepts)
