"""Filters of episode lists: `?guest=phil-gyford&not=aws&stack=django&stack=redis&year=2020`."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from episodes.counts import public_guests
from episodes.models import Appearance, Episode, EpisodeQuerySet, Use
from guests.models import Guest
from stack.models import Technology, TechnologyQuerySet
from text.names import normalise_name

Row = TypeVar("Row", Technology, Guest)

PARAMETERS = ("guest", "not", "page", "stack", "year")
PAGE = re.compile(r"[0-9]{1,6}")
YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")


class UnknownFilter(LookupError):
    """A filter that names nothing: no technology, guest, year or page."""

    def __init__(self, parameter: str, value: str) -> None:
        super().__init__(f"{parameter}={value}")
        self.parameter = parameter
        self.value = value


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter, in words, and the query string that is left without it."""

    label: str
    query: str
    technology: Technology | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to: all of `stack`, none of `without`, all `guests`, one year."""

    stack: tuple[Technology, ...] = ()
    without: tuple[Technology, ...] = ()
    guests: tuple[Guest, ...] = ()
    year: int | None = None
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        return bool(self.stack or self.without or self.guests or self.year)

    @property
    def is_single(self) -> bool:
        """Whether there is one filter, so that a feed can follow it."""
        return len(self.chips) == 1

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The canonical parameters, sorted."""
        pairs = [("stack", technology.slug) for technology in self.stack]
        pairs += [("not", technology.slug) for technology in self.without]
        pairs += [("guest", guest.slug) for guest in self.guests]
        pairs += [("year", str(self.year))] if self.year else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return sorted(pairs)

    @property
    def query(self) -> str:
        """The canonical query string, with its question mark; empty for the whole list."""
        return f"?{urlencode(self.pairs)}" if self.pairs else ""

    @property
    def narrowing(self) -> str:
        """The query string of its first page."""
        return self.on_page(1).query

    @property
    def chips(self) -> list[Chip]:
        """Every filter with the query string that drops it, back on page 1."""
        first = replace(self, page=1)
        chips = []
        for word, name in (("with", "stack"), ("without", "without"), ("guest:", "guests")):
            rows: tuple[Technology | Guest, ...] = getattr(self, name)
            for row in rows:
                others: Any = {name: tuple(each for each in rows if each != row)}
                technology = row if isinstance(row, Technology) else None
                chips.append(Chip(f"{word} {row}", replace(first, **others).query, technology))
        if self.year:
            chips.append(Chip(f"from {self.year}", replace(first, year=None).query))
        return chips

    def on_page(self, page: int) -> "Filters":
        return replace(self, page=page)

    def is_canonical(self, query: QueryDict) -> bool:
        """Whether the parameters we know are spelt and sorted as we would write them."""
        given = [(key, value) for key, values in query.lists() for value in values]
        return [pair for pair in given if pair[0] in PARAMETERS] == self.pairs

    def apply(self, episodes: EpisodeQuerySet, zone: ZoneInfo) -> EpisodeQuerySet:
        """The episodes that pass every filter; the year is one of the show's time zone."""
        if self.stack:
            uses = Use.objects.filter(technology__in=self.stack)
            episodes = episodes.filter(pk__in=_with_all(uses, len(self.stack)))
        if self.without:
            uses = Use.objects.filter(technology__in=self.without)
            episodes = episodes.exclude(pk__in=uses.values("episode"))
        if self.guests:
            appearances = Appearance.objects.filter(guest__in=self.guests)
            episodes = episodes.filter(pk__in=_with_all(appearances, len(self.guests)))
        if self.year:
            start = datetime(self.year, 1, 1, tzinfo=zone)
            end = datetime(self.year + 1, 1, 1, tzinfo=zone)
            episodes = episodes.filter(published_at__gte=start, published_at__lt=end)
        return episodes


def parse_filters(query: QueryDict) -> Filters:
    """The filters a query string asks for. Raises UnknownFilter. Three queries at most."""
    stack = [value for value in query.getlist("stack") if value.strip()]
    without = [value for value in query.getlist("not") if value.strip()]
    guests = [value for value in query.getlist("guest") if value.strip()]
    technologies = _in_use().by_name([*stack, *without]) if stack or without else {}
    people = _guests_by_name(guests) if guests else {}
    return Filters(
        stack=_resolve("stack", stack, technologies.get),
        without=_resolve("not", without, technologies.get),
        guests=_resolve("guest", guests, people.get),
        year=_number("year", query.get("year", ""), YEAR),
        page=parse_page(query),
    )


def parse_stack(query: QueryDict) -> tuple[Technology, ...]:
    """The technologies a query string names, by slug. Raises UnknownFilter. One query at most."""
    names = [value for value in query.getlist("stack") if value.strip()]
    technologies = _in_use().by_name(names) if names else {}
    return _resolve("stack", names, technologies.get)


def _in_use() -> TechnologyQuerySet:
    """Technologies of published episodes: what only drafts name stays unknown to visitors."""
    return Technology.objects.filter(uses__episode__in=Episode.objects.published())


def parse_page(query: QueryDict) -> int:
    """The page asked for, from 1. Raises UnknownFilter for what is no such number."""
    page = _number("page", query.get("page", ""), PAGE)
    if page == 0:
        raise UnknownFilter("page", "0")
    return page or 1


def _number(parameter: str, value: str, pattern: re.Pattern[str]) -> int | None:
    value = value.strip()
    if not value:
        return None
    if not pattern.fullmatch(value):
        raise UnknownFilter(parameter, value)
    return int(value)


def _resolve(
    parameter: str, values: Iterable[str], find: Callable[[str], Row | None]
) -> tuple[Row, ...]:
    """The rows the values name, without repeats, by slug."""
    found = {}
    for value in values:
        row = find(value)
        if row is None:
            raise UnknownFilter(parameter, value)
        found[row.slug] = row
    return tuple(found[slug] for slug in sorted(found))


def _guests_by_name(values: Iterable[str]) -> dict[str, Guest]:
    """Public guests by the slug or name given; two queries."""
    keys = {value: normalise_name(value) for value in values}
    named = Q(slug__in=list(keys)) | Q(names__normalised__in=set(keys.values()))
    by_key: dict[str, Guest] = {}
    for guest in public_guests().filter(named).prefetch_related("names"):
        by_key |= {name.normalised: guest for name in guest.names.all()}
        by_key[guest.slug] = guest
    found = {value: by_key.get(value) or by_key.get(key) for value, key in keys.items()}
    return {value: guest for value, guest in found.items() if guest}


def _with_all(joins: QuerySet, count: int) -> QuerySet:
    """The episodes that have as many of these joins as were asked for."""
    matching = joins.order_by().values("episode").annotate(matches=Count("pk"))
    return matching.filter(matches=count).values("episode")
