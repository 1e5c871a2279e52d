"""Which pages search engines may list: those that say more than one episode's page does."""

from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.lookups import Exact

from episodes.filters import Filters
from episodes.models import Appearance, Episode
from guests.handles import PROFILES
from guests.models import Guest
from search.retrieval.entity_moments import entity_moment_count
from stack.models import Library, Technology

EPISODES = 2
MOMENTS = 5
NOINDEX = "noindex, follow"


def with_indexing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Technologies, libraries or guests with their `episode_count`, each with `is_indexed`.

    True with two episodes, an introduction, or five moments that mention it; of a guest also with a
    photo, a title or an address, for then the page says who they are. What guests say in their only
    episode doesn't count: their page would repeat it. No query of its own; moments are looked up
    only where the rest doesn't decide.
    """
    conditions = Q(episode_count__gte=EPISODES)
    if rows.model is not Library:
        conditions |= ~Q(introduction="")
    if rows.model is Guest:
        conditions |= _is_described()
    counted = entity_moment_count(rows.model, most=MOMENTS)
    return rows.annotate(
        is_indexed=Case(
            When(conditions, then=Value(True)),
            When(Exact(counted, MOMENTS), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


def _is_described() -> Any:
    """Whether more than the guest's name is known."""
    stated = ("avatar", "website", *PROFILES)
    unknown = Q(*((name, "") for name in stated))
    titled = Appearance.objects.filter(
        guest=OuterRef("pk"), episode__in=Episode.objects.published()
    ).exclude(title="")
    return ~unknown | Exists(titled)


def robots_of(row: Any) -> str:
    """The robots directive of the row's page; `is_indexed` comes from `with_indexing`."""
    return "" if row.is_indexed else NOINDEX


def canonical_path(filters: Filters) -> str:
    """The page of the one technology or guest that a list is filtered by; empty for others."""
    named: list[Technology | Guest] = [*filters.stack, *filters.guests]
    if len(named) != 1 or filters.without or filters.year:
        return ""
    return named[0].get_absolute_url()
