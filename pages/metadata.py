"""What a page says about itself in its head: title, canonical address, Open Graph, feeds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from pages.addresses import absolute
from pages.structured import serialise
from show.models import Show


@dataclass(frozen=True, slots=True)
class Metadata:
    """`canonical` is empty on pages that have none; `properties` are `<meta property>` tags."""

    title: str
    description: str
    canonical: str
    robots: str
    properties: list[tuple[str, str]]
    structured: SafeString | str


def metadata(
    show: Show,
    title: str,
    path: str,
    *,
    description: str = "",
    moment: str = "",
    kind: str = "website",
    image: str = "",
    robots: str = "",
    structured: Iterable[dict[str, Any]] = (),
) -> Metadata:
    """The head of the page at `path`, its canonical one; `moment` is `?t=…` of what is shared."""
    description = " ".join((description or show.description).split())
    image = image or show.artwork_address
    properties = [
        ("og:site_name", show.title),
        ("og:type", kind),
        ("og:title", title),
        ("og:description", description),
        ("og:url", absolute(path) + moment),
        ("og:image", absolute(image)),
        ("og:locale", show.language.replace("-", "_")),
    ]
    return Metadata(
        title=title if title == show.title else f"{title} · {show.title}",
        description=description,
        canonical=absolute(path),
        robots=robots,
        properties=[(name, content) for name, content in properties if content],
        structured=serialise(structured),
    )
