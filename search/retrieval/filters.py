"""Filters of a query: `stack:django guest:"phil gyford" year:2020 kind:podcast has:transcript`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from episodes.counts import public_guests, technologies_in_use
from episodes.models import Episode, EpisodeQuerySet
from guests.models import GuestName
from search.query.parse import Filter
from stack.models import Technology
from text.names import normalise_name

YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
# By search_tags().
TAGGED = "document.vector @@ %({})s"
OF_KIND = "document.episode_id IN (SELECT id FROM episodes_episode WHERE kind = %({})s)"
IN_YEAR = "document.published_at >= %({0})s AND document.published_at < %({0}end)s"


@dataclass(frozen=True, slots=True)
class FilterCondition:
    """SQL on `document` with its parameters. `unknown`: filters that name nothing."""

    sql: str = "TRUE"
    parameters: dict[str, Any] = field(default_factory=dict)
    unknown: tuple[Filter, ...] = ()


def filter_condition(
    filters: Sequence[Filter], zone: ZoneInfo, prefix: str = ""
) -> FilterCondition:
    """The condition of all filters. Two queries at most. `prefix`: of its parameters' names."""
    stack = [each.value for each in filters if each.key == "stack"]
    in_use = Technology.objects.filter(pk__in=technologies_in_use().values("pk"))
    technologies = in_use.by_name(stack) if stack else {}
    guests = _guests([each.value for each in filters if each.key == "guest"])
    sql = ["TRUE"]
    parameters: dict[str, Any] = {}
    values: dict[str, Any]
    unknown = []
    for index, each in enumerate(filters):
        name = f"{prefix}filter{index}_"
        if each.key == "stack" and each.value in technologies:
            condition, values = TAGGED, {name: f"'=t{technologies[each.value].pk}'"}
        elif each.key == "guest" and guests.get(each.value):
            condition, values = TAGGED, {name: " | ".join(f"'=g{pk}'" for pk in guests[each.value])}
        elif each.key == "has" and each.value.lower() == "transcript":
            condition, values = TAGGED, {name: "'=transcript'"}
        elif each.key == "kind" and each.value.lower() in Episode.Kind.values:
            condition, values = OF_KIND, {name: each.value.lower()}
        elif each.key == "year" and YEAR.fullmatch(each.value):
            start, end = (datetime(int(each.value) + more, 1, 1, tzinfo=zone) for more in (0, 1))
            condition, values = IN_YEAR, {name: start, f"{name}end": end}
        else:
            unknown.append(each)
            continue
        sql.append(f"{'NOT ' * each.excludes}({condition.format(name)})")
        parameters |= values
    return FilterCondition(" AND ".join(sql), parameters, tuple(unknown))


def _guests(values: Sequence[str]) -> dict[str, list[int]]:
    """The public guests whose name contains what was typed: a surname is enough. One query."""
    keys = {value: key for value in values if (key := normalise_name(value))}
    if not keys:
        return {}
    contains = Q(*(("normalised__contains", key) for key in keys.values()), _connector=Q.OR)
    public = GuestName.objects.filter(contains, guest__in=public_guests().values("pk"))
    names = list(public.values_list("normalised", "guest"))
    return {value: [guest for name, guest in names if key in name] for value, key in keys.items()}


def keys_of(episodes: EpisodeQuerySet, prefix: str) -> tuple[str, dict[str, Any]]:
    """SQL that selects these episodes' keys, with its parameters, named by the prefix."""
    try:
        sql, values = episodes.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django already knows that there are none
        return "NULL", {}
    parameters = {f"{prefix}{index}": value for index, value in enumerate(values)}
    return sql.replace("%s", "{}").format(*(f"%({name})s" for name in parameters)), parameters
