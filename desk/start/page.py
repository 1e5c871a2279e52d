"""The desk's first page: what needs the host today. Sections in the order of their urgency."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count

from desk.start.drafts import scheduled, waiting
from desk.start.published import last_published
from desk.start.system_status import house
from desk.start.zero_results import in_vain
from linkcheck.models import Link
from stack.models import Technology

MOST_LINKS = 3
MOST_TECHNOLOGIES = 6


def start(user: AbstractBaseUser | AnonymousUser) -> dict[str, Any]:
    """What the page shows to someone with these permissions; eleven queries at most."""
    may = frozenset(user.get_all_permissions())  # type: ignore[union-attr]
    found: dict[str, Any] = {
        "may_paste": {"episodes.add_episode", "episodes.change_episode"} <= may
    }
    if "episodes.view_episode" in may:
        found["drafts"], found["draft_count"] = waiting()
        found["scheduled"] = list(scheduled())
        found["published"] = last_published()
    if "desk.view_link" in may:
        dead = Link.objects.dead().order_by("failing_since", "pk")
        found["dead"], found["dead_count"] = list(dead[:MOST_LINKS]), dead.count()
    if "stack.change_technology" in may:
        bare = Technology.objects.filter(homepage="")
        most_used = bare.annotate(used=Count("uses")).order_by("-used", "name")
        found["bare"], found["bare_count"] = list(most_used[:MOST_TECHNOLOGIES]), bare.count()
    if "search.view_miss" in may:
        found["misses"] = in_vain(may)
    found["house"] = house()
    return found
