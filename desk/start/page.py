"""The desk's start page: what needs the host today, most urgent first."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count
from django.utils import timezone

from accounts.roles import edits_drafts_only, sees_episodes
from desk.listeners.overview import monthly_summary
from desk.start.proposals import dismissed, lacking, questions
from desk.start.published import last_published
from desk.start.system_status import system_status
from desk.start.unfinished import scheduled, unfinished
from desk.start.zero_results import zero_results
from desk.submissions.waiting import news
from linkcheck.models import Link
from show.models import Show
from stack.models import Technology

MAX_LINKS = 3
MAX_TECHNOLOGIES = 6


def start(user: AbstractBaseUser | AnonymousUser, show: Show) -> dict[str, Any]:
    """The page's sections for someone with these permissions; 22 queries at most."""
    permissions = frozenset(user.get_all_permissions())  # type: ignore[union-attr]
    found: dict[str, Any] = {
        "has_no_role": not permissions,
        "may_paste": {"episodes.add_episode", "episodes.change_episode"} <= permissions,
    }
    if sees_episodes(user):
        only_drafts = edits_drafts_only(user)
        found["unfinished"], found["unfinished_count"] = unfinished(only_drafts=only_drafts)
        found["scheduled"] = scheduled(show)
        found["with_errors"] = [each for each in found["scheduled"] if each.errors]
        if "episodes.change_episode" in permissions:
            found["from_guests"] = news()
        found["published"] = last_published()
        found["drafts_only"] = only_drafts
        found["system_status"] = None if only_drafts else system_status()
        found["listeners"] = monthly_summary(timezone.localdate())
    if "linkcheck.view_link" in permissions and sees_episodes(user):
        dead = Link.objects.dead().order_by("failing_since", "pk")
        found["dead_links"], found["dead_count"] = list(dead[:MAX_LINKS]), dead.count()
    if "stack.change_technology" in permissions:
        rows = Technology.objects.filter(homepage="")
        most_used = rows.annotate(used=Count("uses")).order_by("-used", "name")
        found["no_homepage"] = list(most_used[:MAX_TECHNOLOGIES])
        found["no_homepage_count"] = rows.count()
    if "show.change_show" in permissions:
        found["lacking"] = lacking(show)
        found["dismissed"] = dismissed(show)
        if "search.add_question" in permissions:
            found["questions"] = questions(show)
    if "search.view_zeroresultquery" in permissions:
        found["zero_results"] = zero_results(permissions)
    return found
