"""The sitemap: an index of sections, each the addresses of one kind of page.

An address says when what its page shows last changed, as far as rows tell: the newest episode of a
list, the newest revision of an episode. Where nothing tells, it says nothing. Rows are read one
after the other and sections hold SECTION addresses at most, so that memory doesn't grow with the
catalogue. Format: sitemaps.org/protocol.html.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count, islice
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Appearance, Episode, EpisodeQuerySet, LibraryUse, Use
from notes.models import Revision
from pages.addresses import absolute
from pages.indexing import with_worth
from search.models import Question
from search.saved_questions import with_counts
from show.models import Page, Show
from topics.models import Transcript

# The protocol allows 50,000; fewer are read sooner, and a change has fewer read again.
SECTION = 10_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

# A page's path, and when it last changed.
Entry = tuple[str, datetime | None]
Naming = Appearance | LibraryUse | Use


def indexes() -> Iterator[Entry]:
    """The home page and the lists: each as new as the newest that it lists."""
    published = Episode.objects.published()
    using = _newest(published, naming=Use)
    yield reverse("home"), _newest(published)
    yield reverse("episodes"), _newest(published.podcast())
    yield reverse("interviews"), _newest(published.interviews())
    yield reverse("stack"), using
    yield reverse("stack_mine"), using
    yield reverse("libraries"), _newest(published, naming=LibraryUse)
    yield reverse("guests"), _newest(published, naming=Appearance)
    yield reverse("questions"), None
    yield reverse("follow"), None
    yield reverse("colophon"), None


def episodes() -> Iterator[Entry]:
    """Episodes and interviews, oldest first, so that new ones change the last section only.

    A page changes when it appears and when a later save changed it: the first revision is how the
    episode came here.
    """
    saved = Revision.objects.filter(episode=OuterRef("pk"), number__gt=1).order_by("-number")
    changed = Subquery(saved.values("created_at")[:1], output_field=DateTimeField())
    rows = (
        Episode.objects.published()
        .annotate(changed=Greatest("published_at", "updated_on", changed))
        .order_by("published_at", "pk")
    )
    of_kind = {Episode.Kind.PODCAST: "episode", Episode.Kind.INTERVIEW: "interview"}
    before = {kind: _before_slug(name) for kind, name in of_kind.items()}
    for kind, slug, at in rows.values_list("kind", "slug", "changed").iterator():
        yield before[kind] + slug, at


def transcripts() -> Iterator[Entry]:
    """Those that a person has read through, in the order of their episodes."""
    rows = Transcript.objects.filter(
        reviewed=True, episode__in=Episode.objects.published().podcast()
    ).order_by("episode__published_at", "episode")
    for slug, at in rows.values_list("episode__slug", "created_at").iterator():
        yield reverse("transcript", args=[slug]), at


def technologies() -> Iterator[Entry]:
    return _heard("technology", technologies_in_use())


def libraries() -> Iterator[Entry]:
    return _heard("library", libraries_in_use())


def guests() -> Iterator[Entry]:
    return _heard("guest", public_guests())


def questions() -> Iterator[Entry]:
    """The questions that something answers. No row tells when an answer was added."""
    for question, answers in with_counts(Question.objects.all(), Show.objects.current().zone):
        if answers.moments:
            yield question.get_absolute_url(), None


def host_pages() -> Iterator[Entry]:
    """What the host writes and lets search engines list."""
    for page in Page.objects.published().filter(indexed=True).order_by("slug"):
        yield page.get_absolute_url(), page.updated_at


SECTIONS: dict[str, Callable[[], Iterator[Entry]]] = {
    "indexes": indexes,
    "episodes": episodes,
    "transcripts": transcripts,
    "technologies": technologies,
    "libraries": libraries,
    "guests": guests,
    "questions": questions,
    "pages": host_pages,
}


def index_xml() -> str:
    """The sitemap of sitemaps: every section that isn't empty, and its newest change."""
    return _document(
        "sitemapindex", "sitemap", (each for name in SECTIONS for each in _parts(name))
    )


def section_xml(name: str, number: int) -> str | None:
    """The part of this number, from 1, of a section; None where there is none."""
    part = list(islice(SECTIONS[name](), SECTION * (number - 1), SECTION * number))
    return _document("urlset", "url", part) if part else None


def _parts(name: str) -> Iterator[Entry]:
    """The addresses of a section's parts."""
    entries = SECTIONS[name]()
    address = reverse("sitemap_section", args=[name])
    for number in count(1):
        known = [at for _, at in islice(entries, SECTION)]
        if not known:
            return
        newest = max(filter(None, known), default=None)
        yield address + (f"?p={number}" if number > 1 else ""), newest


def _document(root: str, item: str, entries: Iterable[Entry]) -> str:
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">']
    for path, at in entries:
        changed = f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>" if at else ""
        lines.append(f"<{item}><loc>{escape(absolute(path))}</loc>{changed}</{item}>")
    return "\n".join([*lines, f"</{root}>\n"])


def _newest(episodes: EpisodeQuerySet, naming: type[Naming] | None = None) -> datetime | None:
    """When the newest of these episodes appeared, or of those that name something."""
    if naming:
        episodes = episodes.filter(Exists(naming.objects.filter(episode=OuterRef("pk"))))
    return episodes.newest_first().values_list("published_at", flat=True).first()


def _heard(view: str, rows: QuerySet[Any]) -> Iterator[Entry]:
    """Pages that say enough. They change with the newest episode they list."""
    before = _before_slug(view)
    listed = with_worth(rows).filter(is_indexed=True).values_list("slug", "last_heard")
    for slug, at in listed.iterator():
        yield before + slug, at


def _before_slug(view: str) -> str:
    """What such pages' paths begin with. Asking for each by itself would take most of the time."""
    return reverse(view, args=["-"]).removesuffix("-")
