"""Facets beside the results of a search: links that narrow it, and those that widen it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from episodes.models import Episode
from search.query.parse import Filter, Restriction, parse_query
from search.retrieval.facets import FacetValue, facet_values
from search.retrieval.results import Results

TITLES = {
    "stack": "Technology",
    "guest": "Guest",
    "year": "Year",
    "kind": "Kind",
    "has": "Transcript",
}
LABELS = {**dict(Episode.Kind.choices), "transcript": "Has a transcript"}


@dataclass(frozen=True, slots=True)
class FacetLink:
    """`path`: the search narrowed by this value. `count`: of its results; None beyond MAX_COUNT."""

    label: str
    path: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """`active`: its filters, each with the path of the search without it."""

    key: str
    title: str
    active: Sequence[tuple[Restriction, str]]
    links: Sequence[FacetLink]


def facets_of(found: Results, zone: ZoneInfo, path_of: Callable[[str], str]) -> list[Facet]:
    """The facets that narrow these results or already do. `path_of`: of a query. One query."""
    values = facet_values(found.found, zone)
    facets = []
    for key, title in TITLES.items():
        active = [
            (chip, path_of(chip.query))
            for chip in found.chips
            if chip.filter and chip.filter.key == key
        ]
        of_key = [each for each in values if each.key == key]
        if key == "year":
            of_key.sort(key=lambda each: each.value, reverse=True)
        links = [
            FacetLink(
                LABELS.get(each.value, each.value),
                path_of(narrowed),
                None if found.capped else each.count,
            )
            for each in of_key
            if (narrowed := _narrowed(found.query, each))
        ]
        if active or links:
            facets.append(Facet(key, title, active, links))
    return facets


def _narrowed(query: str, value: FacetValue) -> str | None:
    """The query with a filter by this value; None if that can't be said or makes it too long."""
    text = f'"{value.value}"' if " " in value.value else value.value
    narrowed = f"{query} {value.key}:{text}"
    is_said = Filter(value.key, value.value) in parse_query(narrowed).filters
    return narrowed if is_said else None
