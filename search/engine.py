"""Search: parses a query, expands it into concepts, ranks episodes and gets their best moments."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.urls import reverse

from episodes.models import Episode
from search.query.compounds import words_of_compound
from search.query.concepts import Concept, ExpandedQuery
from search.query.expansion import expand
from search.query.lookups import lookups
from search.query.parse import Query, episode_number, parse_query
from search.retrieval.expressions import Parameters
from search.retrieval.filters import FilterCondition, filter_condition
from search.retrieval.lexicon import look_up
from search.retrieval.moments import EpisodeMoments, best_moments
from search.retrieval.ranking import RankedEpisode, Ranking, rank
from search.retrieval.results import MAX_COUNT, DirectHit, Result, ResultGroup, Results
from search.retrieval.sound_alikes import alike_names, names_by_sound
from search.retrieval.spelling import RARE, corrections_of, is_real, misspelled, rare_misspelled
from show.models import Show

PAGE = 10  # episodes
MAX_DIRECT = 4


def search(
    typed: str,
    *,
    zone: ZoneInfo | None = None,
    page: int = 1,
    newest: bool = False,
    verbatim: bool = False,
) -> Results:
    """A page of published episodes and interviews, best first.

    `zone`: of `year:2020`, the show's by default. `verbatim`: without spelling correction.
    """
    query = parse_query(typed)
    if query.is_empty:
        return Results(query.text, is_empty=True)
    filters = FilterCondition()
    if query.filters:
        filters = filter_condition(query.filters, zone or Show.objects.current().zone, Parameters())
    chips = tuple(
        replace(each, is_known=each.filter not in filters.unknown) for each in query.restrictions
    )
    if filters.unknown:
        return Results(query.text, chips=chips)
    expanded = expand_query(query, verbatim=verbatim)
    if episode_number(query.text):  # every episode is about “episode”
        expanded = replace(expanded, meant=())
    ranking = Ranking()
    groups: tuple[ResultGroup, ...] = ()
    dropped: tuple[str, ...] = ()
    proposed = ""
    if expanded.is_comparison and not newest:
        ranking = rank(expanded, filters, required=0, newest=newest, limit=MAX_COUNT)
        groups = _groups(query, expanded, ranking)
        results = tuple(each for group in groups for each in group.results)
    if not groups:
        expanded, ranking = _rank_relaxing(expanded, filters, page, newest=newest)
        results = _results(ranking.page, expanded)
        dropped = _dropped(results) if page == 1 and not newest else ()
        if expanded.query == query and not verbatim:
            proposed = _proposed(expanded, ranking, are_apart=bool(dropped))
    return Results(
        query.text,
        results,
        min(ranking.count, MAX_COUNT),
        ranking.count > MAX_COUNT,
        page,
        1 if groups else max(1, -(-len(ranking.found) // PAGE)),
        _direct_hits(query, expanded),
        chips,
        expanded.query.text if expanded.query != query else "",
        dropped,
        expanded.ignored,
        groups=groups,
        found=ranking.found,
        proposed=proposed,
    )


def _proposed(expanded: ExpandedQuery, ranking: Ranking, *, are_apart: bool) -> str:
    """What may be meant instead of words that find next to nothing, or nothing together."""
    meant = rare_misspelled(expanded) if 0 < ranking.count <= RARE else {}
    # Names like unknown words were looked for before.
    if not (meant or expanded.unknown) and (ranking.count <= RARE or are_apart):
        meant = alike_names(expanded)
    proposed = expanded.query.with_replaced(meant)
    return proposed.text if proposed != expanded.query else ""


def _groups(query: Query, expanded: ExpandedQuery, ranking: Ranking) -> tuple[ResultGroup, ...]:
    """The results of a comparison: the best with both technologies, then with each."""
    one, other = expanded.concepts
    name, other_name = (each.technology or each.label for each in expanded.concepts)
    also = "".join(f' -"{each.text}"' for each in query.excluded)
    also += "".join(f" {each.typed}" for each in query.filters)
    kinds = (
        (3, 6, f"{name} and {other_name}", f"{one.label} {other.label}{also}"),
        (1, 3, f"Only {name}", f'{one.label} -"{other.label}"{also}'),
        (2, 3, f"Only {other_name}", f'{other.label} -"{one.label}"{also}'),
    )  # the technologies as bits, how many episodes are shown, the heading, its query
    ranked = {held: [each for each in ranking.page if each.held == held] for held, *_ in kinds}
    shown = [each for held, most, *_ in kinds for each in ranked[held][:most]]
    # The headings say what is missing.
    results = {each.episode.pk: replace(each, missing=()) for each in _results(shown, expanded)}
    groups = [
        ResultGroup(
            label,
            found_by,
            len(ranked[held]),
            tuple(results[each.episode] for each in ranked[held] if each.episode in results),
        )
        for held, _, label, found_by in kinds
    ]
    return tuple(group for group in groups if group.results)


def newest_answering(query: Query, zone: ZoneInfo, *, limit: int) -> list[int]:
    """For feeds: the newest episodes with all of a query, or either side of a comparison."""
    filters = filter_condition(query.filters, zone, Parameters())
    if query.is_empty or filters.unknown:
        return []
    expanded = expand_query(query)
    every = 0 if expanded.is_comparison else (1 << len(expanded.concepts)) - 1
    ranking = rank(expanded, filters, required=every, newest=True, limit=limit)
    return [each.episode for each in ranking.page]


def expand_query(query: Query, *, verbatim: bool = False) -> ExpandedQuery:
    """Expand a query, correcting unknown words. One database query, four with unknown words."""
    expanded = expand(query, look_up(*lookups(query)))
    if verbatim:
        return replace(expanded, meant=())
    if not expanded.unknown:
        return expanded
    candidates = corrections_of(token.text for token in expanded.unknown)
    corrections = misspelled(expanded, candidates) | names_by_sound(expanded, candidates)
    for token in expanded.unknown:
        words = words_of_compound(query.text[token.start : token.end])
        if words and not (candidates[token.text] or is_real(query, token)):
            corrections.setdefault(token, " ".join(words))
    corrected = query.with_replaced(corrections)
    if corrected == query:
        return expanded
    return expand(corrected, look_up(*lookups(corrected)))


def _rank_relaxing(
    expanded: ExpandedQuery, filters: FilterCondition, page: int, *, newest: bool
) -> tuple[ExpandedQuery, Ranking]:
    """A page of the ranking, and the query it answers: without what no episode holds together."""
    quoted = sum(1 << at for at, concept in enumerate(expanded.concepts) if concept.is_quoted)

    def ranked(page: int) -> Ranking:
        offset = PAGE * (page - 1)
        return rank(expanded, filters, required=quoted, newest=newest, limit=PAGE, offset=offset)

    while not (ranking := ranked(page)).page and not quoted:
        relaxed = expanded.relaxed() or _in_words(expanded)
        if relaxed is None or (page > 1 and ranked(1).page):
            break
        expanded = relaxed
    return expanded, ranking


def _in_words(expanded: ExpandedQuery) -> ExpandedQuery | None:
    """The words of a query whose phrases no episode says: “cheap hosting”. One query."""
    if not any(concept.is_phrase for concept in expanded.concepts):
        return None
    lexicon = look_up(*lookups(expanded.query))
    return expand(expanded.query, lexicon, phrases=False)


def _results(page: Sequence[RankedEpisode], query: ExpandedQuery) -> tuple[Result, ...]:
    keys = [each.episode for each in page]
    episodes = Episode.objects.published().for_cards().in_bulk(keys)
    found = best_moments(query, keys)
    results = []
    for each in page:
        if each.episode not in episodes:  # deleted since it was ranked
            continue
        moments = found.get(each.episode, EpisodeMoments())
        held = each.held | moments.held
        comes_close = bool(query.concepts) and not held
        synonyms = [
            moments.synonyms[at] for at in sorted(moments.synonyms) if not each.exact >> at & 1
        ]
        results.append(
            Result(
                episodes[each.episode],
                tuple(moments.best),
                moments.more,
                () if comes_close else _missing(held, query.concepts),
                tuple(dict.fromkeys(synonyms)),
                moments.next,
                moments.about,
                comes_close,
            )
        )
    return tuple(results)


def _missing(held: int, concepts: Sequence[Concept]) -> tuple[str, ...]:
    """As typed; but phrases such as “how much does it cost”, which an answer may lack."""
    return tuple(
        concept.label
        for at, concept in enumerate(concepts)
        if not held & (1 << at) and not concept.is_phrase_of_question
    )


def _dropped(results: Sequence[Result]) -> tuple[str, ...]:
    """The concepts that the best episode lacks, if no episode holds all."""
    missing = [each.missing for each in results if not each.comes_close]
    return min(missing, key=bool) if missing else ()


def _direct_hits(query: Query, expanded: ExpandedQuery) -> tuple[DirectHit, ...]:
    names = dict.fromkeys(concept.name for concept in expanded.concepts if concept.name)
    hits = [
        DirectHit(name.kind, name.name, reverse(name.kind, args=[name.slug]))
        for name in (*names, *expanded.linked)
    ]
    if named := episode_number(query.text):
        kind, number = named
        numbered = Episode.objects.published().filter(number=number, kind=kind)
        hits += [DirectHit("episode", str(each), each.get_absolute_url()) for each in numbered]
    return tuple(hits[:MAX_DIRECT])
