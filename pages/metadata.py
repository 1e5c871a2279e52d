"""What a page says about itself in its head: title, canonical address, Open Graph, cards.

The vocabularies: ogp.me, and developer.x.com/en/docs/x-for-websites/cards, which take what Open
Graph says for all but the kind of card and the creator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from episodes.models import Episode
from pages.addresses import absolute
from pages.social_image import Picture, artwork_of, card_picture, picture_of
from pages.structured import serialise
from show.models import Show

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Metadata:
    """`canonical` is empty on pages that have none; `names` and `properties` are <meta> tags."""

    title: str
    description: str
    canonical: str
    robots: str
    names: Pairs
    properties: Pairs
    structured: SafeString | str


def metadata(
    show: Show,
    title: str,
    path: str,
    *,
    description: str = "",
    moment: str = "",
    kind: str = "website",
    picture: Picture | None = None,
    robots: str = "",
    properties: Iterable[tuple[str, str]] = (),
    structured: Iterable[dict[str, Any]] = (),
) -> Metadata:
    """The head of the page at `path`, its canonical one; `moment` is `?t=…` of what is shared."""
    description = " ".join((description or show.description).split())
    picture = picture or artwork_of(show)
    common = [
        ("og:site_name", show.title),
        ("og:type", kind),
        ("og:title", title),
        ("og:description", description),
        ("og:url", absolute(path) + moment),
        # Open Graph knows languages with their territory only.
        ("og:locale", show.language.replace("-", "_") if "-" in show.language else ""),
        *_picture(picture),
    ]
    return Metadata(
        title=title if title == show.title else f"{title} · {show.title}",
        description=description,
        canonical=absolute(path),
        robots=robots,
        names=_names(show, path, picture),
        properties=[pair for pair in [*common, *properties] if pair[1]],
        structured=serialise(structured),
    )


def episode_properties(show: Show, episode: Episode) -> Pairs:
    """What Open Graph knows of an article: its dates and subjects; and its audio."""
    enclosure = getattr(episode, "enclosure", None)
    published, updated = episode.published_at, episode.updated_on
    return [
        ("article:published_time", show.local(published).isoformat() if published else ""),
        ("article:modified_time", show.local(updated).isoformat() if updated else ""),
        *(("article:tag", use.technology.name) for use in episode.uses.all()),
        ("og:audio", absolute(enclosure.path) if enclosure else ""),
        ("og:audio:type", enclosure.type if enclosure else ""),
    ]


def episode_picture(show: Show, episode: Episode) -> Picture | None:
    """The episode's card; its own picture where the card's typeface lacks letters."""
    return card_picture(show, episode) or picture_of(
        episode.image, episode.image_url, f"Artwork of “{episode.title}”"
    )


def _picture(picture: Picture | None) -> Pairs:
    if picture is None:
        return []
    return [
        ("og:image", absolute(picture.address)),
        ("og:image:alt", picture.alt),
        ("og:image:width", str(picture.width or "")),
        ("og:image:height", str(picture.height or "")),
    ]


def _names(show: Show, path: str, picture: Picture | None) -> Pairs:
    """<meta name>: the kind of card, who makes it; on the home page, whose the site is."""
    handle = show.host.twitter if show.host else ""
    creator = [("twitter:creator", f"@{handle}")] if handle else []
    codes = show.verification_codes if path == reverse("home") else []
    kind = "summary_large_image" if picture and picture.is_wide else "summary"
    return [("twitter:card", kind), *creator, *codes]
