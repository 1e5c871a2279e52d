"""Addresses that no page links to, and that people still use."""

from collections.abc import Iterator

from django.urls import reverse

from episodes.counts import technologies_in_use
from episodes.models import Episode
from guests.models import GuestName
from search.models import Question
from show.models import SEALED, Page, Redirect
from stack.models import TechnologyName
from text.names import slug_for


def unlinked_pages() -> Iterator[str]:
    """Pages that may have no link to them: notices, flat pages, saved questions; the icon."""
    yield reverse("favicon")
    withdrawn = Episode.objects.viewable().filter(status=Episode.Status.WITHDRAWN).order_by("pk")
    for rows in (withdrawn, Page.objects.published(), Question.objects.all()):
        for row in rows.iterator():
            yield row.get_absolute_url()


def former_addresses() -> Iterator[str]:
    """Addresses that may have moved or be gone, and other spellings of addresses."""
    redirects = Redirect.objects.exclude(old_path__startswith=SEALED).order_by("old_path")
    for path in redirects.values_list("old_path", flat=True):
        yield path
        yield path.removesuffix("/") if path.endswith("/") else f"{path}/"
    gone = Episode.with_deleted.filter(deleted_at__isnull=False).order_by("pk")
    for episode in gone.iterator():
        yield episode.get_absolute_url()
    names = TechnologyName.objects.order_by("name").values_list("name", flat=True)
    yield from (reverse("technology", args=[slug_for(name)]) for name in names)
    used = technologies_in_use().order_by("slug").values_list("slug", flat=True)
    yield from ("/tags/", *(f"/tags/{slug}" for slug in used))
    people = GuestName.objects.order_by("name").values_list("name", flat=True)
    yield from (reverse("guest", args=[slug_for(name)]) for name in people)


def episode_numbers() -> Iterator[tuple[int, str]]:
    """Number and address of each episode, for /37 and /37/25:26."""
    rows = Episode.objects.viewable().podcast().exclude(number=None).order_by("number", "pk")
    for episode in rows.only("number", "slug", "kind").iterator():
        if episode.number is not None:
            yield episode.number, episode.get_absolute_url()
