"""What search engines may list: pages that say more than one episode's page does."""

from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.lookups import Exact

from episodes.filters import Filters
from guests.models import Guest
from search.retrieval.mentions import moments_naming_each
from stack.models import Library, Technology

EPISODES = 2
MOMENTS = 5
NOT_LISTED = "noindex, follow"


def with_worth(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Technologies, libraries or guests with their `episode_count`, each with `is_indexed`.

    It is, with two episodes, words of the host's own, or five moments that name it. What a guest
    says in their only episode doesn't count, or every guest's page would stand beside the episode
    it repeats. No query of its own; moments are looked for only where the rest doesn't decide.
    """
    conditions = Q(episode_count__gte=EPISODES)
    if rows.model is not Library:
        conditions |= ~Q(introduction="")
    named = moments_naming_each(rows.model, most=MOMENTS)
    return rows.annotate(
        is_indexed=Case(
            When(conditions, then=Value(True)),
            When(Exact(named, MOMENTS), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


def robots(row: Any) -> str:
    """What the page of such a row tells robots."""
    return "" if row.is_indexed else NOT_LISTED


def page_of_its_own(filters: Filters) -> str:
    """The path that stands for a list of one technology or one guest; empty for other lists."""
    named: list[Technology | Guest] = [*filters.stack, *filters.guests]
    if len(named) != 1 or filters.without or filters.year:
        return ""
    return named[0].get_absolute_url()
