"""The desk's menu: which lists and pages it has, in which sections, and what each counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.utils.text import capfirst

from accounts.models import SecurityEvent
from accounts.roles import sees_episodes, sees_people
from desk.lists.lacks import NO_CATEGORY, NO_LINK, NO_PHOTO
from desk.models import PreviewLink, TextTemplate
from desk.restorable import restorable_kinds
from desk.start.unfinished import UNFINISHED
from desk.start.zero_results import unanswered
from episodes.models import Episode
from guests.models import Guest
from linkcheck.models import Link
from notes.models import Revision
from search.models import GuestWanted, Question, SynonymGroup, ZeroResultQuery
from show.models import CallToAction, FollowLink, Highlight, Page, Promotion, Redirect, Show
from stack.models import Library, Technology
from topics.models import Transcript


@dataclass(frozen=True, slots=True)
class Attention:
    """The rows of an entry that lack something; `query` shows exactly these."""

    words: str
    rows: Callable[[], QuerySet[Any]]
    query: str = ""
    is_urgent: bool = False  # it is shown rather than what another entry lacks


@dataclass(frozen=True, slots=True)
class Entry:
    """A model's list, or a page of the desk by its URL name.

    `allows` says who may open such a page; `also` are other beginnings of its addresses.
    """

    label: str
    place: type[Model] | str
    allows: Callable[[Any], bool] | None = None
    also: tuple[str, ...] = ()
    stands_for: type[Model] | None = None  # whose list such a page replaces
    attention: Attention | None = None


@dataclass(frozen=True, slots=True)
class DeskSection:
    """Entries under one label, which leads to the first of them that somebody may open."""

    label: str
    entries: tuple[Entry, ...]


def _sees_links(user: Any) -> bool:
    return user.has_perm("linkcheck.view_link") and sees_episodes(user)


def _sees_deleted(user: Any) -> bool:
    return sees_episodes(user) and bool(restorable_kinds(user))


def _changes_episodes(user: Any) -> bool:
    return user.has_perm("episodes.change_episode")


def _sorts_technologies(user: Any) -> bool:
    return user.has_perm("stack.change_technology")


SECTIONS = (
    DeskSection("Episodes", (
        Entry(
            "Episodes", Episode, also=("/admin/paste",),
            attention=Attention(
                "unfinished", lambda: Episode.objects.filter(UNFINISHED), "?state=unfinished"
            ),
        ),
        Entry("Transcripts", Transcript),
        Entry("All revisions", Revision),
        Entry("Texts to send out", TextTemplate),
        Entry("Deleted", "desk_deleted", _sees_deleted),
    )),
    DeskSection("Guests", (
        Entry(
            "Guests", Guest, also=("/admin/merge/guest/", "/admin/erase/"),
            attention=Attention(
                "without photo or link", lambda: Guest.objects.filter(NO_PHOTO | NO_LINK),
                "?lacks=any",
            ),
        ),
        Entry(
            "Sent by guests", "desk_sent_by_guests", _changes_episodes,
            attention=Attention("guests sent something", lambda: PreviewLink.objects.with_news(),
                is_urgent=True),
        ),
        Entry("Guests wanted", GuestWanted),
    )),
    DeskSection("Stack", (
        Entry("Technologies", Technology, also=("/admin/merge/technology/",)),
        Entry(
            "Categories", "desk_categories", _sorts_technologies,
            attention=Attention(
                "without a category", lambda: Technology.objects.filter(NO_CATEGORY)
            ),
        ),
        Entry("Libraries", Library, also=("/admin/merge/library/",)),
        Entry("Synonyms", SynonymGroup),
    )),
    DeskSection("Questions", (
        Entry("Saved questions", Question),
        Entry(
            "Searches without results", ZeroResultQuery,
            attention=Attention("searches without results", unanswered, "?wanted=no"),
        ),
    )),
    DeskSection("Listeners", (
        Entry("Overview", "desk_listeners", sees_episodes),
        Entry("By episode", "desk_listeners_episodes", sees_episodes),
        Entry("Episodes compared", "desk_listeners_ages", sees_episodes),
        Entry("Apps and devices", "desk_listeners_apps", sees_episodes),
        Entry("Moments and searches", "desk_listeners_moments", sees_episodes),
        Entry("Subscribers and links", "desk_listeners_readers", sees_episodes),
    )),
    DeskSection("Show", (
        Entry("The show", Show),
        Entry("Highlights", Highlight),
        Entry("Pages", Page),
        Entry("Follow links", FollowLink),
        Entry("Promotions", Promotion),
        Entry("Calls to action", CallToAction),
        Entry("Redirects", Redirect),
    )),
    DeskSection("Links", (
        Entry(
            "Links", "desk_links", _sees_links,
            attention=Attention("dead", lambda: Link.objects.dead()),
        ),
    )),
    DeskSection("People", (
        Entry(
            "People", "desk_people", sees_people, also=("/admin/auth/user/",), stands_for=User
        ),
        Entry("Roles", Group),
        Entry("Sign-in log", SecurityEvent),
    )),
)  # fmt: skip


def list_name(model: type[Model]) -> str:
    """What the desk calls this model's list: as in the menu, or else its rows' name."""
    entries = (entry for section in SECTIONS for entry in section.entries)
    named = (entry.label for entry in entries if model in (entry.place, entry.stands_for))
    return next(named, str(capfirst(model._meta.verbose_name_plural)))
