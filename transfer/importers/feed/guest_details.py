"""Fills the website and photo of guests from what a feed says about them."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from django.core.files.base import ContentFile

from guests.models import Guest
from media.exif import strip_metadata
from media.images import check_image
from text.urls import is_web_url
from transfer.importers.columns import longest
from transfer.importers.feed.fetch import LinkedFiles
from transfer.importers.feed.people import Person

SIGNATURES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"RIFF": ".webp", b"GIF8": ".gif"}


def add_details(people: Iterable[Person], files: LinkedFiles) -> Iterator[tuple[str, str]]:
    """Fill what guests lack; yields the address of each photo that can't be had, and why."""
    for person in people:
        guest = Guest.objects.by_name([person.name]).get(person.name) if person.is_guest else None
        if guest is None:
            continue
        if not guest.website and _fits(person.href):
            guest.website = person.href
            guest.save(update_fields=["website"])
        if not guest.avatar and is_web_url(person.image):
            try:
                _store_photo(guest, files.fetch(person.image))
            except (ValueError, OSError) as wrong:
                yield person.image, str(wrong)


def _fits(website: str) -> bool:
    return is_web_url(website) and len(website) <= longest(Guest, "website")


def _store_photo(guest: Guest, data: bytes) -> None:
    """Raises ValueError if it is no image that browsers show."""
    ending = next((SIGNATURES[each] for each in SIGNATURES if data.startswith(each)), "")
    content = strip_metadata(data)
    check_image(BytesIO(content), len(content), f"photo{ending}")
    guest.avatar.save(f"{guest.slug}{ending}", ContentFile(content))
