"""Reads an episode's rows back as draft and facts."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.db import models

from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Reference, Use
from notes.grammar.draft import (
    Draft,
    EnclosureFacts,
    Facts,
    GuestDraft,
    LinkDraft,
    SponsorFacts,
    TopicDraft,
)
from topics.models import Topic

# For prefetch_related, in the order that `draft_of` takes them.
PARTS = ("appearances", "topics", "references", "uses", "library_uses")


def stored_draft(episode: Episode) -> Draft:
    """The draft in the rows, with today's names of guests and technologies. Five queries."""
    return draft_of(
        episode,
        Appearance.objects.filter(episode=episode),
        Topic.objects.filter(episode=episode),
        Reference.objects.filter(episode=episode),
        Use.objects.filter(episode=episode),
        LibraryUse.objects.filter(episode=episode),
    )


def fetched_draft(episode: Episode) -> Draft:
    """The same for an episode fetched with PARTS. No query."""
    return draft_of(episode, *(getattr(episode, name).all() for name in PARTS))


def draft_of(
    episode: Episode,
    appearances: Iterable[Appearance],
    topics: Iterable[Topic],
    references: Iterable[Reference],
    uses: Iterable[Use],
    libraries: Iterable[LibraryUse],
) -> Draft:
    """The draft that these rows came from, each kind in its order."""
    return Draft(
        title=episode.title,
        summary=episode.summary,
        introduction=episode.introduction,
        guests=tuple(GuestDraft(row.guest.name, row.title) for row in appearances),
        topics=tuple(TopicDraft(row.seconds, row.text) for row in topics),
        references=_links(references),
        technologies=tuple(row.technology.name for row in uses),
        libraries=_links(libraries),
    )


def _links(rows: Any) -> tuple[LinkDraft, ...]:
    return tuple(LinkDraft(row.url, row.label, row.note) for row in rows)


def stored_facts(episode: Episode) -> Facts:
    """The facts in the rows."""
    return Facts(
        kind=episode.kind,
        number=episode.number,
        slug=episode.slug,
        guid=episode.guid,
        status=episode.status,
        published_at=episode.published_at,
        type=episode.type,
        season=episode.season,
        language=episode.language,
        explicit=episode.explicit,
        image_url=episode.image_url,
        notice=episode.notice,
        correction=episode.correction,
        updated_on=episode.updated_on,
        enclosure=_enclosure(episode),
        sponsor=_sponsor(episode),
    )


def _enclosure(episode: Episode) -> EnclosureFacts | None:
    if not hasattr(episode, "enclosure"):
        return None
    audio = episode.enclosure
    return EnclosureFacts(
        url=audio.imported_url or audio.url or audio.file.name or "",
        bytes=audio.bytes,
        seconds=audio.seconds,
        type=audio.type,
    )


def _sponsor(episode: Episode) -> SponsorFacts | None:
    if not hasattr(episode, "sponsor"):
        return None
    return SponsorFacts(episode.sponsor.name, episode.sponsor.url, episode.sponsor.text)


def stored_beside(episode: Episode) -> dict[str, Any]:
    """What neither notes nor facts hold, as a revision stores it; one query.

    `audio` has every column of the recording, also those added later.
    """
    audio = getattr(episode, "enclosure", None)
    roles = Appearance.objects.filter(episode=episode).order_by("position")
    return {
        "deleted": episode.deleted_at is not None,
        "image": str(episode.image),
        "roles": list(roles.values_list("role", flat=True)),
        "audio": audio and {field.name: _plain(audio, field.name) for field in audio_columns()},
    }


def audio_columns() -> "list[models.Field[Any, Any]]":
    """A recording's own columns."""
    columns = Enclosure._meta.concrete_fields
    return [field for field in columns if not (field.primary_key or field.is_relation)]


def _plain(row: models.Model, name: str) -> str | int | None:
    """A column's value as JSON can hold it, and the column's `to_python` reads it."""
    value = getattr(row, name)
    return value if value is None or isinstance(value, int) else str(value)


def facts_as_json(facts: Facts) -> dict[str, Any]:
    """Facts as a revision stores them: times in ISO 8601, UTC."""
    values = asdict(facts)
    for name, value in values.items():
        if isinstance(value, datetime):
            values[name] = value.astimezone(UTC).isoformat()
    return values
