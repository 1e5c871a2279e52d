"""Imports posts of an export, each in one transaction that ends in `finish_edit`."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Mention, Sponsor
from guests.models import Guest
from notes.apply import apply_draft, finish_edit
from notes.grammar.draft import Draft, GuestDraft, LinkDraft, TopicDraft
from notes.parse import parse
from notes.read_rows import stored_draft
from stack.models import Library, Technology
from text.problems import has_errors
from text.timecode import MAX_SECONDS
from transfer.export.posts import APART, LISTS, NATIVE, SECTIONS
from transfer.importers.archive.records import Record
from transfer.importers.archive.rows import decoded, mappings, row_of, texts
from transfer.importers.archive.tables import RECORD_ERRORS
from transfer.importers.archive.transcripts import TranscriptRows, read_transcript
from transfer.importers.columns import write_row
from transfer.importers.report import InvalidInput, Report, outcome_of, replaced_values

SOURCE = "import_jekyll"
OTHER_KEYS = {
    "layout", "category", "published", "tags", "guests", "enclosure", "sponsor", "transcript",
    "mentions", "notes", "library_slugs", *LISTS,
}  # fmt: skip
KINDS = {section: kind for kind, section in SECTIONS.items()}
COLUMNS = {native: name for name, native in NATIVE.items()}
DRAFT_COLUMNS = ("title", "summary", "introduction")
ONE_TO_ONE = (("enclosure", Enclosure), ("sponsor", Sponsor))


@dataclass(slots=True)
class Posts:
    """Imports posts. `active` are the GUIDs of posts outside the bin."""

    root: Path
    renamed: dict[str, str]
    report: Report
    active: set[str] = field(default_factory=set)
    # Links to an episode's former address: `finish_edit` finds only the current one.
    mentions: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, record: Record) -> None:
        try:
            with transaction.atomic():
                _Post(record, self).write()
        except RECORD_ERRORS as reason:
            record.refuse(reason, self.report)

    def point_mentions(self) -> None:
        """Let links to former addresses lead to their episodes, once all posts are imported."""
        for episode, path, guid in self.mentions:
            target = Episode.with_deleted.filter(guid=guid).exclude(pk=episode).first()
            if target:
                Mention.objects.filter(episode=episode, path=path).update(target=target)


class _Post:
    """One post. It is read completely before anything is written."""

    def __init__(self, record: Record, posts: Posts) -> None:
        self.record, self.posts = record, posts
        self.report = posts.report.within(record.file)
        self.values = record.values
        self.columns = self._columns()
        self.guests = [
            (
                row_of(Guest, entry.get("guest"), "guest"),
                decoded(Appearance, entry, ("guest", "name")),
            )
            for entry in mappings(self.values, "guests")
        ]
        self.draft = self._draft()
        self.libraries = [
            row_of(Library, slug, "library_slugs") for slug in texts(self.values, "library_slugs")
        ]
        if self.libraries and len(self.libraries) != len(self.draft.libraries):
            raise InvalidInput("One for each of the libraries is needed.", field="library_slugs")
        self.parts = {
            name: decoded(model, self._mapping(name), (), posts.renamed)
            for name, model in ONE_TO_ONE
            if name in self.values
        }
        self.transcript = self._transcript()

    def _columns(self) -> dict[str, Any]:
        stated = {COLUMNS.get(key, key): value for key, value in self.values.items()}
        category = self.values.get("category")
        kind = KINDS.get(str(category))
        if kind is None:
            raise InvalidInput("Neither podcast nor interviews.", field="category", value=category)
        if not isinstance(stated.get("guid"), str):
            raise InvalidInput("A post of an export has a GUID.", field="guid")
        stated["kind"] = str(kind)
        return decoded(Episode, stated, OTHER_KEYS, self.posts.renamed)

    def _mapping(self, key: str) -> dict[str, Any]:
        value = self.values[key]
        if not isinstance(value, dict):
            raise InvalidInput("Expected “key: value” below it.", field=key, value=value)
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
            at = self.record.source.find(self.record.body)
            lines_above = self.record.source.count("\n", 0, at)
            self.report.problems(p.at("", lines_above) for p in parsed.problems)
            if has_errors(parsed.problems):
                raise InvalidInput(
                    "Left out until they are fixed.", field="notes", value=self.columns["title"]
                )
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
        existing = Technology.objects.by_name(tags)
        for tag in tags:
            if tag not in existing:
                self.report.warn("A new technology.", field="tags", value=tag)
        return tags

    def _transcript(self) -> TranscriptRows | None:
        if "transcript" not in self.values:
            return None
        stem = Path(*Path(self.record.file).parts[1:]).with_suffix("")
        return read_transcript(self._mapping("transcript"), self.posts.root, stem.as_posix())

    def write(self) -> None:
        """Make the rows equal to the post and report the outcome. Raises one of RECORD_ERRORS."""
        guid = self.columns["guid"]
        episode = self._existing()
        if episode is None and self._moved_to_or_from_bin():
            message = "Skipped: it was moved to or restored from the bin here."
            self.report.warn(message, field="guid", value=guid)
            self.report.outcome(self.record.file, "unchanged")
            return
        if self.columns["deleted_at"] is None:
            self.posts.active.add(guid)
        facts = {name: value for name, value in self.columns.items() if name not in DRAFT_COLUMNS}
        is_new, episode = episode is None, episode or Episode()
        _, old = write_row(episode, self.columns if is_new else facts)
        changed = [
            apply_draft(episode, self._draft_for(episode)),
            self._write_roles(episode),
            self._write_libraries(episode),
            *(self._write_part(episode, name, model, old) for name, model in ONE_TO_ONE),
            bool(self.transcript and self.transcript.write(episode)),
        ]
        if is_new or old or any(changed):
            finish_edit(episode, None, SOURCE)
            # `finish_edit` takes a new episode for published now; the export has the true time.
            Episode.with_deleted.filter(pk=episode.pk).update(
                first_published_at=self.columns["first_published_at"]
            )
        self.posts.mentions += [
            (episode.pk, str(entry.get("path")), str(entry.get("guid")))
            for entry in mappings(self.values, "mentions")
        ]
        outcome = outcome_of(is_new, old or any(changed))
        self.report.outcome(self.record.file, outcome, replaced_values(old))

    def _existing(self) -> Episode | None:
        rows = Episode.with_deleted.select_for_update(of=("self",))
        same = rows.filter(guid=self.columns["guid"], deleted_at=self.columns["deleted_at"])
        return same.order_by("pk").first()

    def _moved_to_or_from_bin(self) -> bool:
        guid = self.columns["guid"]
        in_bin = self.columns["deleted_at"] is not None
        if in_bin and guid in self.posts.active:
            return False  # the export has both: one was made anew after the other was binned
        return Episode.with_deleted.filter(guid=guid, deleted_at__isnull=in_bin).exists()

    def _draft_for(self, episode: Episode) -> Draft:
        """The draft; with `library_slugs`, libraries are left to `_write_libraries`."""
        if not self.libraries:
            return self.draft
        return replace(self.draft, libraries=stored_draft(episode).libraries)

    def _write_roles(self, episode: Episode) -> bool:
        changed = False
        for guest, stated in self.guests:
            roles = {name: value for name, value in stated.items() if name != "position"}
            for row in Appearance.objects.filter(episode=episode, guest=guest):
                changed |= write_row(row, roles)[0] != "unchanged"
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
        """Write the enclosure or sponsor; one that the export doesn't have stays."""
        if name not in self.parts:
            return False
        row = model.objects.filter(episode=episode).first() or model(episode=episode)
        outcome, before = write_row(row, self.parts[name])
        old |= {f"{name}.{column}": value for column, value in before.items()}
        setattr(episode, name, row)
        return outcome != "unchanged"


def _topic(entry: dict[str, Any]) -> TopicDraft:
    seconds, text = str(entry.get("seconds")), entry.get("text")
    if not (seconds.isascii() and seconds.isdigit() and int(seconds[:9]) <= MAX_SECONDS):
        raise InvalidInput("Expected whole seconds.", field="seconds", value=seconds)
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput("A topic needs words.", field="text", value=seconds)
    return TopicDraft(int(seconds), text)


def _link(entry: dict[str, Any]) -> LinkDraft:
    values = {name: entry.get(name, "") for name in ("url", "label", "note")}
    if not all(isinstance(value, str) for value in values.values()):
        raise InvalidInput("Expected texts.", field="url", value=values)
    return LinkDraft(**values)
