"""Rows for tests: plain functions, fixed words, published last year unless told."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Reference, Use
from guests.models import Guest
from show.models import Show
from stack.models import Library, Technology
from text.markup import RENDERER, plain_text, render_block, render_inline
from text.names import slug_for
from text.urls import name_from_url, url_key

FIRST_PUBLISHED = datetime(2020, 6, 1, 4, 0, tzinfo=UTC)


def show(**fields: Any) -> Show:
    defaults = {
        "title": "Running in Production",
        "description": "Hear how folks run their web apps.",
        "timezone": "America/New_York",
        "author": "Nick Janetakis",
        "owner_name": "Nick Janetakis",
        "owner_email": "host@example.org",
        "host": guest("Nick Janetakis"),
        "categories": [["Technology"]],
        "artwork_url": "https://example.org/artwork.png",
        "podcast_guid": UUID("9b024349-ccf0-5f69-a609-6b82873eab3c"),
    }
    row, _ = Show.objects.update_or_create(pk=1, defaults=defaults | fields)
    return row


def guest(name: str = "Phil Gyford", **fields: Any) -> Guest:
    row, _ = Guest.objects.get_or_create(name=name, defaults={"slug": slug_for(name), **fields})
    return row


def technology(name: str = "Django", **fields: Any) -> Technology:
    known = Technology.objects.named(name)
    return known or Technology.objects.create(name=name, **{"slug": slug_for(name), **fields})


def library(url: str) -> Library:
    known = Library.objects.filter(addresses__key=url_key(url)).first()
    name = name_from_url(url)
    slug = slug_for(name)
    if Library.objects.filter(slug=slug).exists():
        slug += "-2"
    return known or Library.objects.create(name=name, slug=slug, url=url)


def episode(
    title: str = "A Site Around Diary Entries",
    number: int | None = 1,
    *,
    topics: Iterable[tuple[int, str]] = (),
    technologies: Iterable[str] = (),
    guests: Iterable[str] = (),
    libraries: Iterable[str] = (),
    references: Iterable[str] = (),
    seconds: int | None = 3000,
    **fields: Any,
) -> Episode:
    """An episode with all that hangs on it. `seconds=None`: without audio."""
    defaults = {
        "slug": f"{number}-{slug_for(title)}" if number is not None else slug_for(title),
        "status": Episode.Status.PUBLISHED,
        "published_at": FIRST_PUBLISHED + timedelta(days=7 * (number or 0)),
        "introduction_html": render_block(fields.get("introduction", "")),
        "notice_html": render_block(fields.get("notice", "")),
        "renderer": RENDERER,
    }
    row = Episode.objects.create(title=title, number=number, **(defaults | fields))
    # Here, not in the layer above: topics hang on episodes, and episodes' tests need some too.
    for position, (start, text) in enumerate(topics):
        row.topics.create(
            position=position,
            seconds=start,
            text=text,
            html=render_inline(text),
            plain=plain_text(text),
        )
    for position, name in enumerate(technologies):
        Use.objects.create(episode=row, technology=technology(name), position=position)
    for position, name in enumerate(guests):
        Appearance.objects.create(episode=row, guest=guest(name), position=position)
    for position, url in enumerate(libraries):
        LibraryUse.objects.create(episode=row, library=library(url), url=url, position=position)
    for position, url in enumerate(references):
        Reference.objects.create(episode=row, url=url, position=position)
    if seconds is not None:
        name = f"{row.kind}-{row.number if row.number is not None else row.pk}.mp3"
        Enclosure.objects.create(
            episode=row,
            url=f"https://audio.example.org/{name}",
            imported_url=f"https://audio.example.org/{name}",
            name=name,
            bytes=seconds * 16_000,
            seconds=seconds,
        )
    return row
