"""The sitemap: an index of sections, one for each kind of page.

`lastmod` comes from rows: the newest episode of a list, the newest revision of an episode. Without
such a row there is none. Rows are streamed and a part holds at most PART_SIZE addresses, so memory
doesn't grow with the catalogue. Format: sitemaps.org/protocol.html.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count, islice
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse

from episodes.addresses import absolute_url
from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Appearance, Episode, EpisodeQuerySet, LibraryUse, Use
from notes.models import Revision
from pages.indexing import with_indexing
from search.models import Question
from search.saved_questions import with_answers
from show.models import Page, Show
from topics.models import Transcript

# The protocol allows 50,000; a smaller part answers sooner, and crawlers read less after a change.
PART_SIZE = 10_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

# A page's path, and when it last changed.
Entry = tuple[str, datetime | None]
Relation = Appearance | LibraryUse | Use


def indexes() -> Iterator[Entry]:
    """The home page and the lists, each dated by the newest episode it lists."""
    published = Episode.objects.published()
    using = _newest(published, relation=Use)
    yield reverse("home"), _newest(published)
    yield reverse("episodes"), _newest(published.podcast())
    yield reverse("interviews"), _newest(published.interviews())
    yield reverse("stack"), using
    yield reverse("stack_match"), using
    yield reverse("libraries"), _newest(published, relation=LibraryUse)
    yield reverse("guests"), _newest(published, relation=Appearance)
    yield reverse("questions"), None
    yield reverse("follow"), None
    yield reverse("colophon"), None


def episodes() -> Iterator[Entry]:
    """Episodes and interviews, oldest first, so that new ones change the last part only.

    A page changes when it is published and with each revision but the first, its import.
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
    """Reviewed transcripts, in the order of their episodes."""
    rows = Transcript.objects.filter(
        reviewed=True, episode__in=Episode.objects.published().podcast()
    ).order_by("episode__published_at", "episode")
    for slug, at in rows.values_list("episode__slug", "created_at").iterator():
        yield reverse("transcript", args=[slug]), at


def questions() -> Iterator[Entry]:
    """Saved questions with an answer. No row says when an answer was added."""
    for question, answers, _ in with_answers(Question.objects.all(), Show.objects.current().zone):
        if answers.moments:
            yield question.get_absolute_url(), None


def flat_pages() -> Iterator[Entry]:
    for page in Page.objects.published().filter(indexed=True).order_by("slug"):
        yield page.get_absolute_url(), page.updated_at


SECTIONS: dict[str, Callable[[], Iterator[Entry]]] = {
    "indexes": indexes,
    "episodes": episodes,
    "transcripts": transcripts,
    "technologies": lambda: _with_own_page("technology", technologies_in_use()),
    "libraries": lambda: _with_own_page("library", libraries_in_use()),
    "guests": lambda: _with_own_page("guest", public_guests()),
    "questions": questions,
    "pages": flat_pages,
}


def index_xml() -> str:
    """The sitemap index: every part with an address, and its newest change."""
    return _document(
        "sitemapindex", "sitemap", (each for name in SECTIONS for each in _parts(name))
    )


def section_xml(name: str, number: int) -> str | None:
    """A part of a section, numbered from 1; None beyond the last."""
    part = list(islice(SECTIONS[name](), PART_SIZE * (number - 1), PART_SIZE * number))
    return _document("urlset", "url", part) if part else None


def _parts(name: str) -> Iterator[Entry]:
    """The addresses of a section's parts."""
    entries = SECTIONS[name]()
    address = reverse("sitemap_section", args=[name])
    for number in count(1):
        dates = [at for _, at in islice(entries, PART_SIZE)]
        if not dates:
            return
        newest = max(filter(None, dates), default=None)
        yield address + (f"?p={number}" if number > 1 else ""), newest


def _document(root: str, item: str, entries: Iterable[Entry]) -> str:
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">']
    for path, at in entries:
        changed = f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>" if at else ""
        lines.append(f"<{item}><loc>{escape(absolute_url(path))}</loc>{changed}</{item}>")
    return "\n".join([*lines, f"</{root}>\n"])


def _newest(episodes: EpisodeQuerySet, relation: type[Relation] | None = None) -> datetime | None:
    """The date of the newest of these episodes, or of those with such a row."""
    if relation:
        episodes = episodes.filter(Exists(relation.objects.filter(episode=OuterRef("pk"))))
    return episodes.newest_first().values_list("published_at", flat=True).first()


def _with_own_page(view: str, rows: QuerySet[Any]) -> Iterator[Entry]:
    """Pages that search engines may list, dated by the newest episode they list."""
    before = _before_slug(view)
    listed = with_indexing(rows).filter(is_indexed=True).values_list("slug", "last_episode_at")
    for slug, at in listed.iterator():
        yield before + slug, at


def _before_slug(view: str) -> str:
    """The common start of such pages' paths: to reverse each would take most of the time."""
    return reverse(view, args=["-"]).removesuffix("-")
