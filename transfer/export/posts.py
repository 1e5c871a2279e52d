"""An episode or interview as a post: facts in the front matter, notes below."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from episodes.models import Episode, LibraryUse
from notes.grammar.draft import Draft, LinkDraft
from notes.parse import parse
from notes.read_rows import PARTS, draft_of, fetched_rows
from notes.render import render_body
from text.urls import url_key
from transfer.export.columns import encode
from transfer.export.folder import free_name
from transfer.export.front_matter import Value, markdown_file
from transfer.export.transcripts import transcript_file

# What Jekyll sites call an episode's columns.
NATIVE = {"summary": "description", "published_at": "date"}
SECTIONS = {Episode.Kind.PODCAST: "podcast", Episode.Kind.INTERVIEW: "interviews"}
POSTS, DRAFTS, BIN = "_posts", "_drafts", "_bin"
# The value of `notes:` where the body is the introduction alone and the front matter has the lists.
APART = "front matter"
LISTS = ("topics", "references", "libraries")


def posts() -> QuerySet[Episode]:
    """Every episode and interview, also those in the bin, in the order of the export."""
    rows = Episode.with_deleted.select_related("enclosure", "sponsor", "transcript")
    for name in (*PARTS, "library_uses__library__addresses", "mentions__target"):
        rows = rows.prefetch_related(name)
    return rows.order_by("kind", "published_at", "number", "guid", "deleted_at", "pk")


def post_files(episode: Episode, zone: ZoneInfo, used: set[str]) -> Iterator[tuple[str, str]]:
    """Path and text of the post, and of its transcript's file. `used` is for `free_name`."""
    path = free_name(_stem(episode, zone), ".md", used)
    values, body = _post(episode, zone)
    if hasattr(episode, "transcript"):
        stem = path.partition("/")[2].removesuffix(".md")
        values["transcript"], ending, text = transcript_file(episode.transcript)
        yield f"transcripts/{stem}{ending}", text
    yield path, markdown_file(values, body)


def _stem(episode: Episode, zone: ZoneInfo) -> str:
    folder = POSTS if episode.published_at else DRAFTS
    if episode.deleted_at:
        folder = BIN
    day = f"{episode.published_at.astimezone(zone):%Y-%m-%d}-" if episode.published_at else ""
    return f"{folder}/{SECTIONS[Episode.Kind(episode.kind)]}/{day}{episode.slug}"


def _post(episode: Episode, zone: ZoneInfo) -> tuple[dict[str, Value], str]:
    columns = encode(episode)
    for name in ("published_at", "first_published_at", "updated_on"):
        if moment := getattr(episode, name):
            columns[name] = moment.astimezone(zone).isoformat(sep=" ")
    for name in ("kind", "introduction"):  # the category and the body state them
        columns.pop(name, None)
    values: dict[str, Value] = {"category": SECTIONS[Episode.Kind(episode.kind)]}
    if episode.status != Episode.Status.PUBLISHED or episode.deleted_at:
        values["published"] = False  # so that Jekyll leaves it out
    values |= {NATIVE.get(name, name): value for name, value in columns.items()}
    values |= _joined(episode)
    draft = draft_of(episode, fetched_rows(episode))
    uses = list(episode.library_uses.all())
    if not all(map(_has_own_address, uses)):
        values["library_slugs"] = [use.library.slug for use in uses]
    if _is_readable(draft, episode):
        return values, render_body(draft)
    values["notes"] = APART
    lists = {name: list(map(_item, getattr(draft, name))) for name in LISTS}
    values |= {name: items for name, items in lists.items() if items}
    return values, draft.introduction


def _joined(episode: Episode) -> dict[str, Value]:
    """The rows that belong to the episode, apart from its notes."""
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
    """Links to episodes that moved or were deleted since: the notes no longer lead to them."""
    return [
        {"path": row.path, "guid": row.target.guid}
        for row in sorted(episode.mentions.all(), key=lambda row: row.path)
        if row.target and (row.target.get_absolute_url() != row.path or row.target.deleted_at)
    ]


def _has_own_address(use: LibraryUse) -> bool:
    """Whether the address in the notes is one of this library."""
    return url_key(use.url) in {address.key for address in use.library.addresses.all()}


def _is_readable(draft: Draft, episode: Episode) -> bool:
    """Whether the notes, as text, are parsed to the same notes."""
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
