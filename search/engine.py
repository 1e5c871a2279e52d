"""Search: which episodes, and which moments of them, answer a few words.

A query is read (query), its words become concepts with all the ways to say them (understanding),
episodes are ranked by them in the database (ranking), and their best moments fetched (moments).
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from episodes.models import Episode
from search.expansion import understand
from search.query.concepts import Concept, Understood
from search.query.parse import Filter, Query, Restriction, episode_number, parse_query
from search.retrieval.filters import Narrowed, narrow
from search.retrieval.moments import Answers, best_moments
from search.retrieval.ranking import Found, Ranked, Wanted, newest_first, rank
from search.retrieval.results import MOST_COUNTED, Chip, Direct, Result, Results
from show.models import Show

PAGE = 10  # episodes
MOST_DIRECT = 4


def search(
    typed: str,
    *,
    zone: ZoneInfo | None = None,
    page: int = 1,
    newest: bool = False,
    verbatim: bool = False,
) -> Results:
    """Published episodes and interviews that answer what was typed, best first, PAGE a page.

    `zone`: that of `year:2020`, the show's if not given. `verbatim`: no word is taken for another.
    """
    query = parse_query(typed)
    if query.is_empty:
        return Results(query.text, is_empty=True)
    narrowed = Narrowed()
    if query.filters:
        narrowed = narrow(query.filters, zone or Show.objects.current().zone)
    if narrowed.unknown:
        return Results(query.text, chips=_chips(query, narrowed))
    understood = understand(query, verbatim=verbatim)
    understood, ranked = _answered(understood, narrowed, page, newest=newest)
    if ranked.found and not _serves(understood, ranked.found):
        understood = understood.as_typed(query)
    return Results(
        query.text,
        _results(ranked.found, understood),
        min(ranked.count, MOST_COUNTED),
        ranked.count > MOST_COUNTED,
        page,
        max(1, -(-ranked.listed // PAGE)),
        _direct(query, understood.concepts),
        _chips(query, narrowed),
        understood.query.text if understood.query != query else "",
        _dropped(ranked.found, understood.concepts) if page == 1 and not newest else (),
        understood.unread,
    )


def newest_answering(query: Query, zone: ZoneInfo, *, limit: int) -> list[int]:
    """The keys of the newest episodes that answer all of a query: for whoever follows it.

    A word still counts as said by words of the same meaning, and a mistyped one as corrected.
    """
    narrowed = narrow(query.filters, zone)
    if query.is_empty or narrowed.unknown:
        return []
    understood = understand(query)
    wanted = Wanted(
        understood.concepts,
        understood.pairs,
        understood.excluded,
        narrowed,
        needed=(1 << len(understood.concepts)) - 1,
        newest=True,
        limit=limit,
        offset=0,
    )
    now = timezone.now()
    ranked = rank(wanted, now) if wanted.concepts else newest_first(wanted, now)
    return [each.episode for each in ranked.found]


def _answered(
    understood: Understood, narrowed: Narrowed, page: int, *, newest: bool
) -> tuple[Understood, Ranked]:
    """A page of what is found, and by which concepts. Words that are said, but not together as
    asked for or not within the filters, find nothing: then the others are looked for alone.
    """
    while not (ranked := _ranked(understood, narrowed, page, newest=newest)).found:
        weaker = understood.weakened()
        if weaker is None or _quoted(understood.concepts):
            break
        if page > 1 and _ranked(understood, narrowed, 1, newest=newest).found:
            break
        understood = weaker
    return understood, ranked


def _ranked(understood: Understood, narrowed: Narrowed, page: int, *, newest: bool) -> Ranked:
    """A page of what is found. One query, but in a crowd."""
    concepts = understood.concepts
    wanted = Wanted(
        concepts,
        understood.pairs,
        understood.excluded,
        narrowed,
        needed=_quoted(concepts),
        newest=newest,
        limit=PAGE,
        offset=PAGE * (page - 1),
    )
    if not concepts:
        return newest_first(wanted, timezone.now())
    return rank(wanted, timezone.now())


def _serves(understood: Understood, found: Sequence[Found]) -> bool:
    """Whether words that were taken for others found something, if there are any."""
    labels = {concept.label: place for place, concept in enumerate(understood.concepts)}
    places = [labels.get(word) for word in understood.typed]
    held = [place is None or each.holds & (1 << place) for place in places for each in found]
    return not held or any(held)


def _results(found: Sequence[Found], understood: Understood) -> tuple[Result, ...]:
    concepts = understood.concepts
    keys = [each.episode for each in found]
    episodes = Episode.objects.published().for_cards().select_related("transcript").in_bulk(keys)
    answering = best_moments(concepts, understood.pairs, keys)
    return tuple(
        _result(episodes[each.episode], each, answering.get(each.episode, Answers()), concepts)
        for each in found
        if each.episode in episodes
    )


def _result(
    episode: Episode, found: Found, answering: Answers, concepts: Sequence[Concept]
) -> Result:
    through = [
        words for place, words in sorted(answering.like.items()) if not found.plainly & (1 << place)
    ]
    return Result(
        episode,
        tuple(answering.moments),
        answering.more,
        _missing(found, concepts),
        tuple(dict.fromkeys(through)),
    )


def _missing(found: Found, concepts: Sequence[Concept]) -> tuple[str, ...]:
    """The concepts an episode doesn't hold, as they were typed."""
    return tuple(
        concept.label for place, concept in enumerate(concepts) if not found.holds & (1 << place)
    )


def _dropped(found: Sequence[Found], concepts: Sequence[Concept]) -> tuple[str, ...]:
    """What even the best one lacks; nothing where some episode holds everything."""
    every = (1 << len(concepts)) - 1
    if not found or any(each.holds == every for each in found):
        return ()
    return _missing(found[0], concepts)


def _quoted(concepts: Sequence[Concept]) -> int:
    return sum(1 << place for place, concept in enumerate(concepts) if concept.is_quoted)


def _direct(query: Query, concepts: Sequence[Concept]) -> tuple[Direct, ...]:
    """The technologies and guests the query names, and the episode it gives the number of."""
    names = dict.fromkeys(concept.name for concept in concepts if concept.name)
    direct = [
        Direct(name.kind, name.name, reverse(name.kind, args=[name.slug]))
        for name in names
        if name.is_public
    ]
    number = episode_number(query.text)
    if number is not None:
        numbered = Episode.objects.published().podcast().filter(number=number)
        direct += [
            Direct("episode", str(episode), episode.get_absolute_url()) for episode in numbered
        ]
    return tuple(direct[:MOST_DIRECT])


def _chips(query: Query, narrowed: Narrowed) -> tuple[Chip, ...]:
    return tuple(
        Chip(_label(each), each.without, each.what not in narrowed.unknown)
        for each in query.restrictions
    )


def _label(restriction: Restriction) -> str:
    what = restriction.what
    if isinstance(what, Filter):
        label = {"stack": "with {}", "guest": "guest: {}", "year": "from {}", "has": "with a {}"}
        text = label[what.key].format(what.value)
        return f"not {text}" if restriction.excludes else text
    return f"without {what.text}" if restriction.excludes else f"“{what.text}”"
