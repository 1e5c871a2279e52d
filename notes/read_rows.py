"""Reads an episode's rows back as draft and facts."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.db import models

from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Reference, Use
from notes.grammar.draft import (
    EPISODE_FACTS,
    Draft,
    EnclosureFacts,
    Facts,
    GuestDraft,
    LinkDraft,
    SponsorFacts,
    TopicDraft,
)  # fmt: skip
from topics.models import Topic

Rows = dict[str, list[Any]]  # an episode's, by the relation: see PARTS

# Relations for prefetch_related.
PARTS: dict[str, type[models.Model]] = {
    "appearances": Appearance, "topics": Topic, "references": Reference, "uses": Use,
    "library_uses": LibraryUse,
}  # fmt: skip

READERS: dict[str, Callable[[Any], Any]] = {
    "published_at": datetime.fromisoformat,
    "updated_on": datetime.fromisoformat,
    "enclosure": lambda values: EnclosureFacts(**values),
    "sponsor": lambda values: SponsorFacts(**values),
}


def stored_draft(episode: Episode) -> Draft:
    """The draft in the rows, with today's names of guests and technologies. Five queries."""
    return draft_of(episode, stored_rows(episode))


def stored_rows(episode: Episode) -> Rows:
    """The rows of the episode's parts, each kind in its order. Five queries."""
    return {
        name: list(model._default_manager.filter(episode=episode)) for name, model in PARTS.items()
    }


def fetched_rows(episode: Episode) -> Rows:
    """The same for an episode fetched with PARTS. No query."""
    return {name: list(getattr(episode, name).all()) for name in PARTS}


def draft_of(episode: Episode, rows: Rows) -> Draft:
    """The draft that these rows came from."""
    return Draft(
        title=episode.title,
        summary=episode.summary,
        introduction=episode.introduction,
        guests=tuple(GuestDraft(row.guest.name, row.title) for row in rows["appearances"]),
        topics=tuple(TopicDraft(row.seconds, row.text) for row in rows["topics"]),
        references=_links(rows["references"]),
        technologies=tuple(row.technology.name for row in rows["uses"]),
        libraries=_links(rows["library_uses"]),
    )


def _links(rows: list[Any]) -> tuple[LinkDraft, ...]:
    return tuple(LinkDraft(row.url, row.label, row.note) for row in rows)


def stored_facts(episode: Episode) -> Facts:
    """The facts in the rows."""
    audio, sponsor = getattr(episode, "enclosure", None), getattr(episode, "sponsor", None)
    return Facts(
        **{name: getattr(episode, name) for name in EPISODE_FACTS},
        enclosure=_enclosure(audio) if audio else None,
        sponsor=SponsorFacts(sponsor.name, sponsor.url, sponsor.text) if sponsor else None,
    )


def _enclosure(audio: Enclosure) -> EnclosureFacts:
    url = audio.imported_url or audio.url or audio.file.name or ""
    return EnclosureFacts(url, audio.bytes, audio.seconds, audio.type)


def stored_beside(episode: Episode, rows: Rows) -> dict[str, Any]:
    """The values that neither notes nor facts hold, as a revision stores them."""
    audio = getattr(episode, "enclosure", None)
    return {
        "deleted": episode.deleted_at is not None,
        "image": str(episode.image),
        "roles": [row.role for row in rows["appearances"]],
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
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(facts).items()
    }


def facts_from_json(values: dict[str, Any]) -> Facts:
    """The inverse of `facts_as_json`; what isn't there is None."""
    stated = {name: value for name, value in values.items() if value is not None}
    for name, read in READERS.items():
        if name in stated:
            stated[name] = read(stated[name])
    return Facts(**stated)
