"""Filters of a query: `stack:django guest:"phil gyford" year:2020 kind:podcast has:transcript`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q

from episodes.models import Appearance, Episode, EpisodeQuerySet, Use
from guests.models import GuestName
from search.query.parse import Filter
from stack.models import Technology
from text.names import normalise_name

YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
# For exclusions: no index finds documents without one of search_tags().
WITH = {
    "stack": "document.episode_id IN ("
    "SELECT episode_id FROM episodes_use WHERE technology_id = ANY (%({})s))",
    "guest": "document.episode_id IN ("
    "SELECT episode_id FROM episodes_appearance WHERE guest_id = ANY (%({})s))",
    "has": "document.episode_id IN (SELECT episode_id FROM topics_transcript)",
}
OF_KIND = "document.episode_id IN (SELECT id FROM episodes_episode WHERE kind = %({})s)"


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
    technologies = _technologies(stack) if stack else {}
    guests = _guests([each.value for each in filters if each.key == "guest"])
    sql = ["TRUE"]
    parameters: dict[str, Any] = {}
    unknown = []
    for index, each in enumerate(filters):
        name = f"{prefix}filter{index}_"
        if each.key == "stack" and each.value in technologies:
            condition, values = _tagged(each, name, "t", [technologies[each.value].pk])
        elif each.key == "guest" and guests.get(each.value):
            condition, values = _tagged(each, name, "g", guests[each.value])
        elif each.key == "has" and each.value.lower() == "transcript":
            condition, values = _tagged(each, name, "transcript", [""])
        elif each.key == "kind" and each.value.lower() in Episode.Kind.values:
            condition, values = _of_kind(each, name)
        elif each.key == "year" and YEAR.fullmatch(each.value):
            condition, values = _in_year(each, name, zone)
        else:
            unknown.append(each)
            continue
        sql.append(condition)
        parameters |= values
    return FilterCondition(" AND ".join(sql), parameters, tuple(unknown))


def _tagged(each: Filter, name: str, tag: str, keys: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    if each.excludes:
        return f"NOT {WITH[each.key].format(name)}", {name: list(keys)}
    return f"document.vector @@ %({name})s", {name: " | ".join(f"'={tag}{key}'" for key in keys)}


def _of_kind(each: Filter, name: str) -> tuple[str, dict[str, Any]]:
    sql = OF_KIND.format(name)
    return f"NOT {sql}" if each.excludes else sql, {name: each.value.lower()}


def _in_year(each: Filter, name: str, zone: ZoneInfo) -> tuple[str, dict[str, Any]]:
    year = int(each.value)
    limits = {f"{name}{at}": datetime(at, 1, 1, tzinfo=zone) for at in (year, year + 1)}
    start, end = (f"%({limit})s" for limit in limits)
    sql = f"(document.published_at >= {start} AND document.published_at < {end})"
    return f"NOT {sql}" if each.excludes else sql, limits


def _technologies(names: Sequence[str]) -> dict[str, Technology]:
    """The technologies with these names. One that only drafts use is as unknown as none."""
    uses = Use.objects.filter(technology=OuterRef("pk"), episode__in=Episode.objects.published())
    return Technology.objects.filter(Exists(uses)).by_name(names)


def _guests(values: Sequence[str]) -> dict[str, list[int]]:
    """The public guests whose name contains what was typed: a surname is enough. One query."""
    keys = {value: key for value in values if (key := normalise_name(value))}
    if not keys:
        return {}
    contains = Q(*(("normalised__contains", key) for key in keys.values()), _connector=Q.OR)
    appearances = Appearance.objects.filter(
        guest=OuterRef("guest"), episode__in=Episode.objects.published()
    )
    public = GuestName.objects.filter(contains, Exists(appearances))
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
