"""Filters in a query, as `stack:django guest:"phil gyford" year:2020 has:transcript`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from episodes.models import Appearance, Episode, EpisodeQuerySet, Use
from guests.models import GuestName
from search.query import Filter
from stack.models import Technology
from text.names import normalise_name
from topics.models import Transcript

YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The episodes that pass; None where there is no filter. `unknown` ones name nothing."""

    episodes: EpisodeQuerySet | None = None
    unknown: tuple[Filter, ...] = ()


def narrow(filters: Sequence[Filter], zone: ZoneInfo) -> Narrowed:
    """What the filters leave; years are those of the show's time zone. Two queries at most."""
    if not filters:
        return Narrowed()
    stack = [each.value for each in filters if each.key == "stack"]
    technologies = Technology.objects.by_name(stack) if stack else {}
    guests = _guests([each.value for each in filters if each.key == "guest"])
    episodes: EpisodeQuerySet = Episode.objects.all()
    unknown = []
    for each in filters:
        condition = _condition(each, technologies, guests, zone)
        if condition is None:
            unknown.append(each)
        else:
            episodes = episodes.filter(~condition if each.excludes else condition)
    return Narrowed(episodes, tuple(unknown))


def among(episodes: EpisodeQuerySet, prefix: str) -> tuple[str, dict[str, Any]]:
    """SQL of the keys of these episodes, for IN, with its values under names of that prefix."""
    try:
        sql, values = episodes.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django knows already that there are none
        return "NULL", {}
    parameters = {f"{prefix}{place}": value for place, value in enumerate(values)}
    return sql.replace("%s", "{}").format(*(f"%({name})s" for name in parameters)), parameters


def _condition(
    narrowing: Filter,
    technologies: dict[str, Technology],
    guests: dict[str, list[int]],
    zone: ZoneInfo,
) -> Q | None:
    value = narrowing.value
    if narrowing.key == "stack" and value in technologies:
        uses = Use.objects.filter(technology=technologies[value])
        return Q(pk__in=uses.order_by().values("episode"))
    if narrowing.key == "guest" and guests.get(value):
        appearances = Appearance.objects.filter(guest__in=guests[value])
        return Q(pk__in=appearances.order_by().values("episode"))
    if narrowing.key == "year" and YEAR.fullmatch(value):
        start = datetime(int(value), 1, 1, tzinfo=zone)
        return Q(published_at__gte=start, published_at__lt=start.replace(year=start.year + 1))
    if narrowing.key == "has" and value.lower() == "transcript":
        return Q(pk__in=Transcript.objects.values("episode"))
    return None


def _guests(values: Sequence[str]) -> dict[str, list[int]]:
    """The guests whose name holds what was typed: a surname is enough. One query."""
    keys = {value: normalise_name(value) for value in values}
    if not any(keys.values()):
        return {}
    holds = Q()
    for key in filter(None, keys.values()):
        holds |= Q(normalised__contains=key)
    names = list(GuestName.objects.filter(holds).values_list("normalised", "guest"))
    return {
        value: [guest for name, guest in names if key and key in name]
        for value, key in keys.items()
    }
