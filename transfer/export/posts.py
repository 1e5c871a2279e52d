"""An episode or interview as a post: its facts in the front matter, its notes below."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from episodes.models import Episode, LibraryUse
from notes.grammar.draft import Draft, LinkDraft
from notes.parse import parse
from notes.read_rows import PARTS, fetched_draft
from notes.render import render_body
from text.urls import url_key
from transfer.export.columns import encode
from transfer.export.front_matter import Value
from transfer.export.markdown import markdown_file
from transfer.export.transcripts import transcript_files

# What Jekyll sites call an episode's columns.
NATIVE = {"summary": "description", "published_at": "date"}
SECTIONS = {Episode.Kind.PODCAST: "podcast", Episode.Kind.INTERVIEW: "interviews"}
POSTS, DRAFTS, BIN = "_posts", "_drafts", "_bin"
# `notes:` says that the body is the introduction alone and lists stand in the front matter.
APART = "front matter"
LISTS = ("topics", "references", "libraries")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the export, by its path in there."""

    path: str
    text: str


def posts() -> QuerySet[Episode]:
    """Every episode and interview, those in the bin too, in the order they are exported."""
    rows = Episode.with_deleted.select_related("enclosure", "sponsor", "transcript")
    for name in (*PARTS, "library_uses__library__addresses", "mentions__target"):
        rows = rows.prefetch_related(name)
    return rows.order_by("kind", "published_at", "number", "guid", "deleted_at", "pk")


def post_files(episode: Episode, zone: ZoneInfo, taken: set[str]) -> Iterator[File]:
    """The post, and the transcript's files beside. `taken` are the paths in use, folded."""
    path = _free(_path(episode, zone), taken)
    values, body = _post(episode, zone)
    if hasattr(episode, "transcript"):
        stem = PurePosixPath(path).relative_to(PurePosixPath(path).parts[0]).with_suffix("")
        stated, files = transcript_files(episode.transcript)
        values["transcript"] = stated
        yield from (File(f"transcripts/{stem}{ending}", text) for ending, text in files.items())
    yield File(path, markdown_file(values, body))


def _path(episode: Episode, zone: ZoneInfo) -> str:
    folder = POSTS if episode.published_at else DRAFTS
    if episode.deleted_at:
        folder = BIN
    day = f"{episode.published_at.astimezone(zone):%Y-%m-%d}-" if episode.published_at else ""
    return f"{folder}/{SECTIONS[Episode.Kind(episode.kind)]}/{day}{episode.slug}.md"


def _free(path: str, taken: set[str]) -> str:
    """The path, with a number where a disk would take it for another's. `slug:` is what counts."""
    stem = path.removesuffix(".md")
    number = 1
    while path.casefold() in taken:
        number += 1
        path = f"{stem}--{number}.md"
    taken.add(path.casefold())
    return path


def _post(episode: Episode, zone: ZoneInfo) -> tuple[dict[str, Value], str]:
    columns = encode(episode)
    for name in ("published_at", "first_published_at", "updated_on"):
        if moment := getattr(episode, name):
            columns[name] = local(moment, zone)
    for name in ("kind", "introduction"):  # told by the category, and by the body
        columns.pop(name, None)
    values: dict[str, Value] = {"category": SECTIONS[Episode.Kind(episode.kind)]}
    if episode.status != Episode.Status.PUBLISHED or episode.deleted_at:
        values["published"] = False  # so that Jekyll leaves it out
    values |= {NATIVE.get(name, name): value for name, value in columns.items()}
    values |= _joined(episode)
    draft = fetched_draft(episode)
    uses = list(episode.library_uses.all())
    if not all(map(_is_told_by_address, uses)):
        values["library_slugs"] = [use.library.slug for use in uses]
    if _body_tells(draft, episode):
        return values, render_body(draft)
    values["notes"] = APART
    lists = {name: list(map(_item, getattr(draft, name))) for name in LISTS}
    values |= {name: items for name, items in lists.items() if items}
    return values, draft.introduction


def local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(sep=" ")


def _joined(episode: Episode) -> dict[str, Value]:
    """What hangs on the episode beside its notes."""
    values: dict[str, Value] = {}
    if guests := [
        {"name": row.guest.name, "guest": row.guest.slug}
        | {name: value for name, value in encode(row).items() if name != "position"}
        for row in episode.appearances.all()
    ]:
        values["guests"] = guests
    if tags := [row.technology.slug for row in episode.uses.all()]:
        values["tags"] = tags
    for name in ("enclosure", "sponsor"):
        if hasattr(episode, name):
            values[name] = encode(getattr(episode, name))
    if mentions := _moved_mentions(episode):
        values["mentions"] = mentions
    return values


def _moved_mentions(episode: Episode) -> list[Value]:
    """Links to episodes that have since moved: their notes alone don't tell any more."""
    return [
        {"path": row.path, "guid": row.target.guid}
        for row in sorted(episode.mentions.all(), key=lambda row: row.path)
        if row.target and (row.target.get_absolute_url() != row.path or row.target.deleted_at)
    ]


def _is_told_by_address(use: LibraryUse) -> bool:
    """Whether the address in the notes leads to this library, not to another or to none."""
    return url_key(use.url) in {address.key for address in use.library.addresses.all()}


def _body_tells(draft: Draft, episode: Episode) -> bool:
    """Whether the notes as text read back as these notes."""
    if episode.kind == Episode.Kind.INTERVIEW:
        return False
    read = parse(render_body(draft)).draft
    return all(getattr(read, name) == getattr(draft, name) for name in ("introduction", *LISTS))


def _item(item: Any) -> dict[str, Value]:
    if isinstance(item, LinkDraft):
        return {"url": item.url} | {
            name: value for name in ("label", "note") if (value := getattr(item, name))
        }
    return {"seconds": item.seconds, "text": item.text}
