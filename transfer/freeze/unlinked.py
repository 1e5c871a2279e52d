"""Addresses that no page names, and that people still follow."""

from collections.abc import Iterator

from django.urls import reverse

from episodes.models import Episode
from guests.models import GuestName
from search.models import Question
from show.models import SEALED, Page, Redirect
from stack.models import TechnologyName
from text.names import slug_for


def unlisted() -> Iterator[str]:
    """Pages that stand though nothing may lead to them: notices, the host's own, questions."""
    withdrawn = Episode.objects.viewable().filter(status=Episode.Status.WITHDRAWN).order_by("pk")
    for rows in (withdrawn, Page.objects.published(), Question.objects.all()):
        for row in rows.iterator():
            yield row.get_absolute_url()


def former_addresses() -> Iterator[str]:
    """Moved, gone and other spellings. What becomes of each, the site itself says."""
    kept = Redirect.objects.exclude(old_path__startswith=SEALED).order_by("old_path")
    for path in kept.values_list("old_path", flat=True):
        yield path
        yield path.removesuffix("/") if path.endswith("/") else f"{path}/"
    gone = Episode.with_deleted.filter(deleted_at__isnull=False).order_by("pk")
    for episode in gone.iterator():
        yield episode.get_absolute_url()
    names = TechnologyName.objects.order_by("name").values_list("name", flat=True)
    yield from (reverse("technology", args=[slug_for(name)]) for name in names)
    people = GuestName.objects.order_by("name").values_list("name", flat=True)
    yield from (reverse("guest", args=[slug_for(name)]) for name in people)


def numbers() -> Iterator[tuple[int, str]]:
    """An episode's number and its address: for /37 and /37/25:26."""
    rows = Episode.objects.viewable().podcast().exclude(number=None).order_by("number", "pk")
    for episode in rows.only("number", "slug", "kind").iterator():
        if episode.number is not None:
            yield episode.number, episode.get_absolute_url()
