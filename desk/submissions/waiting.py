"""What guests have sent and the host hasn't decided on."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils.text import get_text_list

from desk.models import GuestComment, GuestSubmission, PreviewLink
from desk.submissions.fields import LABELS, LINKS, PHOTO, PRONUNCIATION, TITLE, present_value
from episodes.addresses import absolute_url
from episodes.models import Appearance

WAITING = GuestSubmission.State.WAITING
MOST_NEWS = 10
SINGLE = {PHOTO: "a photo", TITLE: "what they do", PRONUNCIATION: "how to say their name"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One field: what the guest sent, and what it holds now."""

    row: GuestSubmission
    label: str
    now: str
    is_photo: bool

    @property
    def photo(self) -> str:
        return default_storage.url(self.row.value) if self.is_photo else ""

    @property
    def was_changed(self) -> bool:
        """Whether the field has changed since the guest sent this."""
        return self.now != self.row.before


@dataclass(slots=True)
class GuestsPage:
    """A guest's own page, as the host sees it; `link` is None without one."""

    appearance: Appearance
    link: PreviewLink | None = None
    waiting: list[Sent] = field(default_factory=list)
    left: list[Sent] = field(default_factory=list)
    comments: list[GuestComment] = field(default_factory=list)

    @property
    def address(self) -> str:
        return absolute_url(self.link.get_absolute_url()) if self.link else ""


# By the guest's key.
Pages = dict[int | None, GuestsPage]


def pages_of(rows: Iterable[Appearance]) -> list[GuestsPage]:
    """The guests' pages of an episode, each with the newest link. Three queries."""
    pages: Pages = {row.guest_id: GuestsPage(row) for row in rows}
    links = {
        link.guest_id: link
        for link in PreviewLink.objects.filter(
            guest__in=pages, episode__in=[page.appearance.episode_id for page in pages.values()]
        ).order_by("expires_at")
    }
    return list(pages.values()) if not links else _filled(pages, links)


def _filled(pages: Pages, links: dict[int | None, PreviewLink]) -> list[GuestsPage]:
    episodes = [link.episode_id for link in links.values()]
    own = Q(link__episode__in=episodes, link__guest__in=pages)
    for row in GuestSubmission.objects.filter(own).select_related("link"):
        page = pages[row.link.guest_id]
        now = present_value(page.appearance, row.field)
        sent = Sent(row, LABELS[row.field], now, row.field == PHOTO)
        if row.state != GuestSubmission.State.TAKEN:
            (page.waiting if row.state == WAITING else page.left).append(sent)
    for comment in GuestComment.objects.filter(own, done_at=None).select_related("link"):
        pages[comment.link.guest_id].comments.append(comment)
    for key, link in links.items():
        pages[key].link = link
    return list(pages.values())


def links_without_news() -> QuerySet[PreviewLink]:
    """Guests' links that still work and through which nothing waits, those that end first first."""
    rows = PreviewLink.objects.accepting().exclude(pk__in=PreviewLink.objects.with_news())
    return rows.select_related("episode", "guest").order_by("expires_at")


def news(most: int = MOST_NEWS) -> list[tuple[PreviewLink, str]]:
    """Links through which something came, and in words what: a photo, 2 links and 3 comments.

    Three queries.
    """
    links = list(
        PreviewLink.objects.with_news().select_related("episode", "guest").order_by("pk")[:most]
    )
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    rows = GuestSubmission.objects.filter(link__in=links, state=WAITING)
    for link, name in rows.values_list("link", "field"):
        counts[link]["link" if name in LINKS else name] += 1
    for link in GuestComment.objects.filter(done_at=None, link__in=links).values_list(
        "link", flat=True
    ):
        counts[link]["comment"] += 1
    return [(link, in_words(counts[link.pk])) for link in links]


def in_words(counts: Counter[str]) -> str:
    parts = [words for name, words in SINGLE.items() if counts[name]]
    for name in ("link", "comment"):
        if count := counts[name]:
            parts.append(f"a {name}" if count == 1 else f"{count} {name}s")
    return get_text_list(parts, "and")
