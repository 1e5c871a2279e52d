"""The picture that stands for a page where it is shared, with its size where that is known."""

from dataclasses import dataclass
from typing import cast

from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import ImageFieldFile
from django.urls import reverse

from episodes.social_cards import Owner, card_of, key_of
from media.exif import displayed_size
from media.social_card import HEIGHT, WIDTH
from show.models import Show

REMEMBERED = 24 * 60 * 60  # seconds
Size = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Picture:
    """Its address, as rows have it, and what it shows in words."""

    address: str
    alt: str
    width: int | None = None
    height: int | None = None

    @property
    def is_wide(self) -> bool:
        """Made to be shown large, above the words, where artwork is square and stands beside."""
        return bool(self.width and self.height and self.width > 1.5 * self.height)


def card_picture(show: Show, owner: Owner) -> Picture | None:
    """The card of an episode or technology, if its words can be set. No query."""
    card = card_of(show, owner)
    if card is None:
        return None
    return Picture(reverse("card", args=[key_of(owner, card)]), card.alt, WIDTH, HEIGHT)


def picture_of(file: ImageFieldFile, url: str, alt: str) -> Picture | None:
    """The stored picture, else the one at the outside address, if there is either."""
    if not file:
        return Picture(url, alt) if url else None
    return Picture(file.url, alt, *_size(file))


def artwork_of(show: Show) -> Picture | None:
    return picture_of(show.artwork, show.artwork_url, f"Artwork of {show.title}")


def _size(file: ImageFieldFile) -> Size:
    """Width and height in pixels, of files on this machine: a page waits for no other one."""
    if not isinstance(file.storage, FileSystemStorage):
        return None, None

    def read() -> Size:
        try:
            return displayed_size(file.path)
        except OSError:  # gone from the folder; the page is right without
            return None, None

    return cast(Size, cache.get_or_set(f"size:{file.name}", read, REMEMBERED))
