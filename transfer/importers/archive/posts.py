"""Posts of an export: each episode whole, in one transaction, ending in `finish_edit`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Mention, Sponsor
from notes.grammar.draft import Draft, GuestDraft, LinkDraft, TopicDraft
from notes.merge import DraftSource
from notes.parse import parse
from notes.publish import apply_draft, finish_edit
from notes.read_rows import stored_draft
from stack.models import Library, Technology
from text.problems import has_errors, warning
from text.timecode import MAX_SECONDS
from transfer.export.columns import BadValue, is_derived
from transfer.export.posts import APART, LISTS, NATIVE, SECTIONS
from transfer.importers.archive.records import Record
from transfer.importers.archive.rows import Files, decoded, differing, mappings, save, texts, told
from transfer.importers.archive.tables import Refused, guest_of, refuse
from transfer.importers.archive.transcripts import TranscriptRows, read_transcript
from transfer.importers.report import Report

EXPORT = DraftSource("import_jekyll", complete=True)
OWN_KEYS = {
    "layout", "category", "published", "tags", "guests", "enclosure", "sponsor", "transcript",
    "mentions", "notes", "library_slugs", *LISTS,
}  # fmt: skip
KINDS = {section: kind for kind, section in SECTIONS.items()}
ONE_TO_ONE = (("enclosure", Enclosure), ("sponsor", Sponsor))


@dataclass(slots=True)
class Posts:
    """Imports posts; `kept` are the GUIDs of those that lie in no bin."""

    root: Path
    files: Files
    report: Report
    kept: set[str] = field(default_factory=set)
    # Links to an episode's former address: `finish_edit` knows today's only.
    mentions: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, record: Record) -> None:
        try:
            with transaction.atomic():
                _Post(record, self).write()
        except Refused as refused:
            refuse(record, refused, self.report)

    def point_mentions(self) -> None:
        """Once every post is there: let links to former addresses lead to their episodes."""
        for episode, path, guid in self.mentions:
            target = Episode.with_deleted.filter(guid=guid).exclude(pk=episode).first()
            if target:
                Mention.objects.filter(episode=episode, path=path).update(target=target)


class _Post:
    """One post, read whole before anything is written."""

    def __init__(self, record: Record, posts: Posts) -> None:
        self.record, self.posts = record, posts
        self.values = record.values
        self.columns = self._columns()
        self.guests = [
            (guest_of(entry.get("guest"), "guest"), self._part(Appearance, entry, "guest", "name"))
            for entry in mappings(self.values, "guests")
        ]
        self.draft = self._draft()
        self.libraries = [_library(slug) for slug in texts(self.values, "library_slugs")]
        if self.libraries and len(self.libraries) != len(self.draft.libraries):
            raise BadValue("library_slugs", "", "One for each of the libraries is needed.")
        self.parts = {
            name: self._part(model, self._mapping(name))
            for name, model in ONE_TO_ONE
            if name in self.values
        }
        self.transcript = self._transcript()

    def _columns(self) -> dict[str, Any]:
        own_names = {native: name for name, native in NATIVE.items()}
        stated = {own_names.get(key, key): value for key, value in self.values.items()}
        kind = KINDS.get(str(self.values.get("category")))
        if kind is None:
            message = "Neither podcast nor interviews."
            raise BadValue("category", str(self.values.get("category"))[:80], message)
        if not isinstance(stated.get("guid"), str):
            raise BadValue("guid", "", "A post of an export has a GUID.")
        return decoded(Episode, {**stated, "kind": str(kind)}, self.posts.files, OWN_KEYS)

    def _part(self, model: Any, stated: Mapping[str, Any], *known: str) -> dict[str, Any]:
        return decoded(model, stated, self.posts.files, set(known))

    def _mapping(self, key: str) -> dict[str, Any]:
        value = self.values[key]
        if not isinstance(value, dict):
            raise BadValue(key, str(value)[:80], "Expected “key: value” below it.")
        return value

    def _draft(self) -> Draft:
        if self.values.get("notes") == APART:
            notes = Draft(
                introduction=self.record.body,
                topics=tuple(map(_topic, mappings(self.values, "topics"))),
                references=tuple(map(_link, mappings(self.values, "references"))),
                libraries=tuple(map(_link, mappings(self.values, "libraries"))),
            )
        else:
            parsed = parse(self.record.body)
            for problem in parsed.problems:
                self.posts.report.problem(problem.at(self.record.file, self._body_line()))
            if has_errors(parsed.problems):
                raise BadValue("notes", self.columns["title"], "Left out until they are mended.")
            notes = parsed.draft
        return replace(
            notes,
            title=self.columns["title"],
            summary=self.columns["summary"],
            guests=tuple(GuestDraft(guest.name, row["title"]) for guest, row in self.guests),
            technologies=tuple(self._tags()),
        )

    def _tags(self) -> list[str]:
        tags = texts(self.values, "tags")
        known = Technology.objects.by_name(tags)
        for tag in tags:
            if tag not in known:
                message = "A new technology."
                new = warning(message, field="tags", value=tag, file=self.record.file)
                self.posts.report.problem(new)
        return tags

    def _body_line(self) -> int:
        """How many lines stand above the body."""
        at = self.record.source.find(self.record.body)
        return self.record.source.count("\n", 0, at)

    def _transcript(self) -> TranscriptRows | None:
        if "transcript" not in self.values:
            return None
        stem = Path(*Path(self.record.file).parts[1:]).with_suffix("")
        return read_transcript(self._mapping("transcript"), self.posts.root, stem.as_posix())

    def write(self) -> None:
        """Make the rows say this, and report what happened. Raises one of Refused."""
        episode = self._found()
        if episode is None and self._lies_elsewhere():
            message = "Here it lies in the bin, or has left it: left as it is."
            self.posts.report.problem(
                warning(message, field="guid", value=self.columns["guid"], file=self.record.file)
            )
            self.posts.report.outcome(self.record.file, "unchanged")
            return
        if self.columns["deleted_at"] is None:
            self.posts.kept.add(self.columns["guid"])
        is_new = episode is None
        old = differing(episode, self._own_columns()) if episode else {}
        episode = episode or Episode()
        if is_new or old:
            save(episode, self.columns if is_new else self._own_columns())
        changed = [
            apply_draft(episode, self._draft_for(episode), EXPORT),
            self._write_roles(episode),
            self._write_libraries(episode),
            *(self._write_part(episode, name, model, old) for name, model in ONE_TO_ONE),
            bool(self.transcript and self.transcript.write(episode)),
        ]
        if is_new or old or any(changed):
            finish_edit(episode, None, EXPORT.name)
            # What it sets for an episode that is new to the world, this one has had.
            history = {name: self.columns[name] for name in ("first_published_at",)}
            Episode.with_deleted.filter(pk=episode.pk).update(**history)
        self.posts.mentions += [
            (episode.pk, str(entry.get("path")), str(entry.get("guid")))
            for entry in mappings(self.values, "mentions")
        ]
        outcome = "new" if is_new else "changed" if old or any(changed) else "unchanged"
        self.posts.report.outcome(self.record.file, outcome, told(old))

    def _own_columns(self) -> dict[str, Any]:
        """Those that aren't the draft's."""
        drafted = ("title", "summary", "introduction")
        return {
            name: value
            for name, value in self.columns.items()
            if name not in drafted and not is_derived(name)
        }

    def _found(self) -> Episode | None:
        rows = Episode.with_deleted.select_for_update(of=("self",))
        same = rows.filter(guid=self.columns["guid"], deleted_at=self.columns["deleted_at"])
        return same.order_by("pk").first()

    def _lies_elsewhere(self) -> bool:
        guid = self.columns["guid"]
        in_bin = self.columns["deleted_at"] is not None
        if in_bin and guid in self.posts.kept:
            return False  # the export has both: one was made anew after the other was binned
        return Episode.with_deleted.filter(guid=guid, deleted_at__isnull=in_bin).exists()

    def _draft_for(self, episode: Episode) -> Draft:
        """Libraries that their addresses don't tell are left to `_write_libraries`."""
        if not self.libraries:
            return self.draft
        return replace(self.draft, libraries=stored_draft(episode).libraries)

    def _write_roles(self, episode: Episode) -> bool:
        changed = False
        for guest, stated in self.guests:
            rows = Appearance.objects.filter(episode=episode, guest=guest)
            others = {name: value for name, value in stated.items() if name != "position"}
            if rows.exclude(**others).update(**others):
                changed = True
        return changed

    def _write_libraries(self, episode: Episode) -> bool:
        if not self.libraries:
            return False
        wanted = [
            (library.pk, link.url, link.label, link.note)
            for library, link in zip(self.libraries, self.draft.libraries, strict=True)
        ]
        rows = LibraryUse.objects.filter(episode=episode)
        if list(rows.values_list("library", "url", "label", "note")) == wanted:
            return False
        rows.delete()
        for position, (library, url, label, note) in enumerate(wanted):
            rows.create(
                episode=episode, library_id=library, position=position,
                url=url, label=label, note=note,
            )  # fmt: skip
        return True

    def _write_part(self, episode: Episode, name: str, model: Any, old: dict[str, Any]) -> bool:
        """The enclosure or sponsor; one that the export doesn't have stays."""
        if name not in self.parts:
            return False
        row = model.objects.filter(episode=episode).first()
        before = differing(row, self.parts[name]) if row else {}
        if row and not before:
            return False
        old |= {f"{name}.{column}": value for column, value in before.items()}
        row = row or model(episode=episode)
        save(row, self.parts[name])
        setattr(episode, name, row)
        return True


def _topic(entry: dict[str, Any]) -> TopicDraft:
    seconds, text = str(entry.get("seconds")), entry.get("text")
    if not (seconds.isascii() and seconds.isdigit() and int(seconds[:9]) <= MAX_SECONDS):
        raise BadValue("seconds", seconds[:80], "Expected whole seconds.")
    if not isinstance(text, str) or not text.strip():
        raise BadValue("text", seconds, "A topic needs words.")
    return TopicDraft(int(seconds), text)


def _link(entry: dict[str, Any]) -> LinkDraft:
    values = {name: entry.get(name, "") for name in ("url", "label", "note")}
    if not all(isinstance(value, str) for value in values.values()):
        raise BadValue("url", str(values)[:80], "Expected texts.")
    return LinkDraft(**values)


def _library(slug: str) -> Library:
    library = Library.objects.filter(slug=slug).first()
    if library is None:
        message = "No library of this address is in _data/libraries.yml."
        raise BadValue("library_slugs", slug, message)
    return library
