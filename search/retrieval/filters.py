"""Filters in a query, as `stack:django guest:"phil gyford" year:2020 has:transcript`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from episodes.models import EpisodeQuerySet
from guests.models import GuestName
from search.query.parse import Filter
from stack.models import Technology
from text.names import normalise_name

YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
# What a document must be, and must not be, to pass. Documents are tagged (see search_tags), so that
# what is within a filter is found by the one index; what is outside of it, no index finds.
TAGGED = "document.vector @@ %({tags})s"
FAILS = {
    "stack": "document.episode_id IN ("
    "SELECT episode_id FROM episodes_use WHERE technology_id = ANY (%({keys})s))",
    "guest": "document.episode_id IN ("
    "SELECT episode_id FROM episodes_appearance WHERE guest_id = ANY (%({keys})s))",
    "has": "document.episode_id IN (SELECT episode_id FROM topics_transcript)",
}
IN_YEAR = "(document.published_at >= %({start})s AND document.published_at < %({end})s)"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the filters leave, as SQL on `document`, with the values that its names stand for.
    `unknown` ones name nothing.
    """

    condition: str = "TRUE"
    parameters: dict[str, Any] = field(default_factory=dict)
    unknown: tuple[Filter, ...] = ()

    def __and__(self, other: "Narrowed") -> "Narrowed":
        return Narrowed(
            f"{self.condition} AND {other.condition}",
            self.parameters | other.parameters,
            self.unknown + other.unknown,
        )


def narrow(filters: Sequence[Filter], zone: ZoneInfo, prefix: str = "") -> Narrowed:
    """What the filters leave; years are those of the show's time zone. Two queries at most.

    The names of its parameters begin with `prefix`.
    """
    stack = [each.value for each in filters if each.key == "stack"]
    technologies = Technology.objects.by_name(stack) if stack else {}
    guests = _guests([each.value for each in filters if each.key == "guest"])
    narrowed = Narrowed()
    for place, each in enumerate(filters):
        of_it = f"{prefix}filter{place}_"
        if each.key == "stack" and each.value in technologies:
            narrowed &= _tagged(each, of_it, "t", [technologies[each.value].pk])
        elif each.key == "guest" and guests.get(each.value):
            narrowed &= _tagged(each, of_it, "g", guests[each.value])
        elif each.key == "has" and each.value.lower() == "transcript":
            narrowed &= _tagged(each, of_it, "transcript", [""])
        elif each.key == "year" and YEAR.fullmatch(each.value):
            narrowed &= _in_year(each, of_it, zone)
        else:
            narrowed &= Narrowed(unknown=(each,))
    return narrowed


def _tagged(narrowing: Filter, prefix: str, tag: str, keys: Sequence[Any]) -> Narrowed:
    if narrowing.excludes:
        fails = FAILS[narrowing.key].format(keys=f"{prefix}keys")
        return Narrowed(f"NOT {fails}", {f"{prefix}keys": list(keys)})
    tags = " | ".join(f"'={tag}{key}'" for key in keys)
    return Narrowed(TAGGED.format(tags=f"{prefix}tags"), {f"{prefix}tags": tags})


def _in_year(narrowing: Filter, prefix: str, zone: ZoneInfo) -> Narrowed:
    year = int(narrowing.value)
    condition = IN_YEAR.format(start=f"{prefix}start", end=f"{prefix}end")
    return Narrowed(
        f"NOT {condition}" if narrowing.excludes else condition,
        {
            f"{prefix}start": datetime(year, 1, 1, tzinfo=zone),
            f"{prefix}end": datetime(year + 1, 1, 1, tzinfo=zone),
        },
    )


def among(episodes: EpisodeQuerySet, prefix: str) -> tuple[str, dict[str, Any]]:
    """SQL of the keys of these episodes, for IN, with its values under names of that prefix."""
    try:
        sql, values = episodes.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django knows already that there are none
        return "NULL", {}
    parameters = {f"{prefix}{place}": value for place, value in enumerate(values)}
    return sql.replace("%s", "{}").format(*(f"%({name})s" for name in parameters)), parameters


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
