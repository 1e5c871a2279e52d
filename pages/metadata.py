"""A page's metadata: title, canonical URL, Open Graph, Twitter card, JSON-LD.

Vocabularies: ogp.me, and developer.x.com/en/docs/x-for-websites/cards.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from episodes.addresses import absolute_url
from episodes.models import Episode
from pages.social_image import SocialImage, artwork_of
from show.models import Show
from text.markup import words_of

OPENING = re.compile(r"In this episode of [^,]{1,80}, ")
EXCERPT = 200  # characters, as many as a search result shows
# What could end the script element or begin markup, spelt as JSON's own escapes.
ESCAPES = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}

Tags = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Metadata:
    """`canonical` is empty on pages that have none; `names` and `properties` are <meta> tags."""

    show: Show
    title: str
    description: str
    canonical: str
    robots: str
    names: Tags
    properties: Tags
    json_ld: SafeString | str


def metadata(
    show: Show,
    title: str,
    path: str,
    *,
    description: str = "",
    moment: str = "",
    og_type: str = "website",
    image: SocialImage | None = None,
    robots: str = "",
    properties: Iterable[tuple[str, str]] = (),
    json_ld: Iterable[dict[str, Any]] = (),
) -> Metadata:
    """The metadata of the page with the canonical `path`; `moment` is `?t=…` if it shows one."""
    description = " ".join((description or show.description).split())
    image = image or artwork_of(show)
    common = [
        ("og:site_name", show.title),
        ("og:type", og_type),
        ("og:title", title),
        ("og:description", description),
        ("og:url", absolute_url(path) + moment),
        # Open Graph has locales only: no language without a territory.
        ("og:locale", show.language.replace("-", "_") if "-" in show.language else ""),
        *_image_properties(image),
    ]
    return Metadata(
        show=show,
        title=title if title == show.title else f"{title} · {show.title}",
        description=description,
        canonical=absolute_url(path),
        robots=robots,
        names=_names(show, path, title, description, image),
        properties=[pair for pair in [*common, *properties] if pair[1]],
        json_ld=serialise(json_ld),
    )


def serialise(nodes: Iterable[dict[str, Any]]) -> SafeString | str:
    """The content of one `<script type="application/ld+json">`; empty without nodes."""
    graph = list(nodes)
    if not graph:
        return ""
    document = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(document, ensure_ascii=False)
    for char, escaped in ESCAPES.items():
        text = text.replace(char, escaped)
    return mark_safe(text)  # noqa: S308 - nothing in it can end the element


def summary_of(episode: Episode) -> str:
    """Its summary, else an excerpt of its introduction without “In this episode of …”."""
    if episode.summary:
        return episode.summary
    words = OPENING.sub("", words_of(episode.introduction_html))
    return shorten(words[:1].upper() + words[1:], EXCERPT, placeholder="…")


def excerpt(html: str) -> str:
    return shorten(words_of(html), EXCERPT, placeholder="…")


def episode_properties(show: Show, episode: Episode) -> Tags:
    """Open Graph's properties of an article (dates, tags) and of its audio."""
    enclosure = getattr(episode, "enclosure", None)
    published, updated = episode.published_at, episode.updated_on
    return [
        ("article:published_time", show.local(published).isoformat() if published else ""),
        ("article:modified_time", show.local(updated).isoformat() if updated else ""),
        *(("article:tag", use.technology.name) for use in episode.uses.all()),
        ("og:audio", absolute_url(enclosure.path) if enclosure else ""),
        ("og:audio:type", enclosure.type if enclosure else ""),
    ]


def _image_properties(image: SocialImage | None) -> Tags:
    if image is None:
        return []
    return [
        ("og:image", absolute_url(image.address)),
        ("og:image:alt", image.alt),
        ("og:image:width", str(image.width or "")),
        ("og:image:height", str(image.height or "")),
    ]


def _names(show: Show, path: str, title: str, description: str, image: SocialImage | None) -> Tags:
    """<meta name>: the whole Twitter card; on the home page the verification codes.

    Not every reader of Twitter cards falls back on Open Graph.
    """
    handle = f"@{show.host.twitter}" if show.host and show.host.twitter else ""
    card = [
        ("twitter:card", "summary_large_image" if image and image.is_wide else "summary"),
        ("twitter:site", handle),
        ("twitter:creator", handle),
        ("twitter:title", title),
        ("twitter:description", description),
        ("twitter:image", absolute_url(image.address) if image else ""),
        ("twitter:image:alt", image.alt if image else ""),
    ]
    codes = show.verification_codes if path == reverse("home") else []
    return [*(pair for pair in card if pair[1]), *codes]
