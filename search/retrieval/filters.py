"""Filters of a query: `stack:django guest:"phil gyford" year:2020 kind:podcast has:transcript`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from episodes.counts import public_guests, technologies_in_use
from episodes.models import Episode, EpisodeQuerySet
from guests.models import GuestName
from search.query.parse import Filter
from search.retrieval.expressions import Parameters
from stack.models import Technology
from text.names import normalise_name

YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
OF_KIND = "document.episode_id IN (SELECT id FROM episodes_episode WHERE kind = {})"
IN_YEAR = "document.published_at >= {} AND document.published_at < {}"


@dataclass(frozen=True, slots=True)
class FilterCondition:
    """SQL on `document` with its parameters. `unknown`: filters that name nothing."""

    sql: str = "TRUE"
    parameters: Parameters = field(default_factory=Parameters)
    unknown: tuple[Filter, ...] = ()


def filter_condition(
    filters: Sequence[Filter], zone: ZoneInfo, parameters: Parameters
) -> FilterCondition:
    """The condition of all filters, with its values among the parameters. Two queries at most."""
    stack = [each.value for each in filters if each.key == "stack"]
    in_use = Technology.objects.filter(pk__in=technologies_in_use().values("pk"))
    technologies = in_use.by_name(stack) if stack else {}
    guests = _guests([each.value for each in filters if each.key == "guest"])
    sql = ["TRUE"]
    unknown = []
    for each in filters:
        tags = []  # as of search_tags()
        if each.key == "stack" and each.value in technologies:
            tags = [tag_of(technologies[each.value])]
        elif each.key == "guest":
            tags = [f"'=g{guest}'" for guest in guests.get(each.value, ())]
        elif each.key == "has" and each.value.lower() == "transcript":
            tags = ["'=transcript'"]
        if tags:
            condition = f"document.vector @@ {parameters.add(' | '.join(tags))}"
        elif each.key == "kind" and each.value.lower() in Episode.Kind.values:
            condition = OF_KIND.format(parameters.add(each.value.lower()))
        elif each.key == "year" and YEAR.fullmatch(each.value):
            years = (int(each.value), int(each.value) + 1)
            limits = [parameters.add(datetime(year, 1, 1, tzinfo=zone)) for year in years]
            condition = IN_YEAR.format(*limits)
        else:
            unknown.append(each)
            continue
        sql.append(f"NOT ({condition})" if each.excludes else f"({condition})")
    return FilterCondition(" AND ".join(sql), parameters, tuple(unknown))


def tag_of(technology: Technology) -> str:
    """A tsquery for documents of episodes that use it."""
    return f"'=t{technology.pk}'"


def _guests(values: Sequence[str]) -> dict[str, list[int]]:
    """The public guests whose name contains what was typed: a surname is enough. One query."""
    keys = {value: key for value in values if (key := normalise_name(value))}
    if not keys:
        return {}
    contains = Q(*(("normalised__contains", key) for key in keys.values()), _connector=Q.OR)
    public = GuestName.objects.filter(contains, guest__in=public_guests().values("pk"))
    names = list(public.values_list("normalised", "guest"))
    return {value: [guest for name, guest in names if key in name] for value, key in keys.items()}


def keys_of(episodes: EpisodeQuerySet, parameters: Parameters) -> str:
    """SQL that selects these episodes' keys, with its values among the parameters."""
    try:
        sql, values = episodes.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django already knows that there are none
        return "NULL"
    return sql % tuple(map(parameters.add, values))
