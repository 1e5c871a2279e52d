"""The image that represents a page where it is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import ImageFieldFile
from django.urls import reverse

from episodes.counts import UsageYear
from episodes.models import Episode
from episodes.social_cards import Owner, card_of, key_of
from guests.models import Guest
from media.draw_social_card import HEIGHT, WIDTH, Card
from media.exif import displayed_size
from media.pictured import Pictured
from show.models import Show

CACHE_SECONDS = 24 * 60 * 60
Size = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class SocialImage:
    """`address`: a path or URL. Width and height in pixels, if known."""

    address: str
    alt: str
    width: int | None = None
    height: int | None = None

    @property
    def is_wide(self) -> bool:
        """Fit to be shown large, above the text; square artwork is shown beside it."""
        return bool(self.width and self.height and self.width > 1.5 * self.height)


def card_image(
    show: Show, owner: Owner, years: Sequence[UsageYear] | None = None
) -> SocialImage | None:
    """The card of an episode fetched for cards, or of a technology with its `years`; no query.

    None if the typeface lacks letters.
    """
    card = card_of(show, owner, years)
    return image_of(card, key_of(owner, card)) if card else None


def image_of(card: Card, key: str) -> SocialImage:
    return SocialImage(reverse("card", args=[key]), card.alt, WIDTH, HEIGHT)


def stored_image(file: ImageFieldFile, url: str, alt: str) -> SocialImage | None:
    """The stored image, else the one at an outside URL, if there is either."""
    if not file:
        return SocialImage(url, alt) if url else None
    return SocialImage(file.url, alt, *_size(file))


def portrait_of(guest: Guest) -> SocialImage | None:
    return _square(guest, "", f"Portrait of {guest.name}")


def artwork_of(show: Show) -> SocialImage | None:
    return _square(show, show.artwork_url, f"Artwork of {show.title}")


def _square(row: Pictured, url: str, alt: str) -> SocialImage | None:
    """The row's picture as the largest square that is stored; itself before there is any."""
    squares = row.picture_addresses
    if not squares:
        return stored_image(cast(ImageFieldFile, row.picture), url, alt)
    side = max(squares)
    return SocialImage(squares[side], alt, side, side)


def episode_image(show: Show, episode: Episode) -> SocialImage | None:
    """The episode's card, else its own image."""
    return card_image(show, episode) or stored_image(
        episode.image, episode.image_url, f"Artwork of “{episode.title}”"
    )


def _size(file: ImageFieldFile) -> Size:
    """Width and height of a local file; remote storage would delay the page."""
    if not isinstance(file.storage, FileSystemStorage):
        return None, None

    def read() -> Size:
        try:
            return displayed_size(file.path)
        except OSError:  # gone from the folder; the page is right without
            return None, None

    return cast(Size, cache.get_or_set(f"size:{file.name}", read, CACHE_SECONDS))
