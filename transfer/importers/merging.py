"""Merges what a source says into an episode, from what it said last time (notes.merge)."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from episodes.models import Episode
from notes.apply import apply_draft, apply_facts, by_catalogue_names
from notes.grammar.draft import Draft, EnclosureFacts, Facts
from notes.merge import Decisions, MergeConflict, merge, merge_facts
from notes.models import ImportBase, ImportSource, Revision
from notes.parse import parse
from notes.read_rows import draft_of, facts_as_json, facts_from_json, stored_facts, stored_rows
from notes.render import render
from notes.validity import normalise
from show.models import Show

# A feed's values count for apps: they replace what another import brought.
IDENTITY = {"guid", "published_at", "enclosure"}
# Columns that a new episode gets whether or not its source states them.
MADE_HERE = ("slug", "guid", "status", "type")


class ImportMerge:
    """One import's merge into one stored episode, which the caller has locked."""

    def __init__(self, episode: Episode, source: ImportSource, theirs: bool) -> None:
        bases = {base.source: base for base in ImportBase.objects.filter(episode=episode)}
        self.episode, self.source = episode, source
        self.base = bases.pop(source, None)
        self.others = [facts_from_json(base.facts) for base in bases.values()]
        self.facts = facts_from_json(self.base.facts) if self.base else Facts()
        unsettled = self.base.unsettled if self.base else ()
        self.decisions = Decisions(theirs, unsettled, markup=source == ImportSource.JEKYLL)

    @property
    def conflicts(self) -> list[MergeConflict]:
        return self.decisions.conflicts

    def apply(self, draft: Draft, permitted: Facts, unread: Collection[str]) -> bool:
        """Write what the source changed since its last import. True when anything changed."""
        facts_changed = apply_facts(self.episode, self._merged_facts(permitted))
        rows = stored_rows(self.episode)
        stored = draft_of(self.episode, rows)
        merged = self._merged_draft(stored, normalise(draft), unread)
        draft_changed = merged != stored and apply_draft(self.episode, merged, rows)
        return facts_changed or draft_changed

    def _merged_draft(self, stored: Draft, said: Draft, unread: Collection[str]) -> Draft:
        incoming = by_catalogue_names(said)
        old = None
        if self.base and self.base.notes == render(said):
            old = incoming
        elif self.base:
            old = by_catalogue_names(parse(self.base.notes).draft)
        unchanged = {name: getattr(old or stored, name) for name in unread}
        return merge(old, stored, replace(incoming, **unchanged), self.decisions)

    def _merged_facts(self, facts: Facts) -> Facts:
        show = Show.objects.current()
        base, stored = self.facts, stored_facts(self.episode)
        audio = getattr(self.episode, "enclosure", None)
        if audio and stored.enclosure:
            url = audio.imported_url or audio.url  # without either, an import adds its own
            stored = replace(stored, enclosure=replace(stored.enclosure, url=url))
        if stored.explicit is None:  # the show's value counts
            facts, base = (
                replace(each, explicit=None) if each.explicit == show.explicit else each
                for each in (facts, base)
            )
        base = replace(base, **self._taken_over(facts, stored))
        if audio and audio.file and stored.enclosure:  # our file's own size and length count
            facts, base = (
                replace(each, enclosure=replace(stored.enclosure, url=each.enclosure.url))
                if each.enclosure
                else each
                for each in (facts, base)
            )
        stored = replace(stored, **dict.fromkeys(self._made_here(facts, stored)))
        base, stored, facts = (_in_zone(each, show.zone) for each in (base, stored, facts))
        return merge_facts(base, stored, facts, self.decisions)

    def _made_here(self, facts: Facts, stored: Facts) -> list[str]:
        """The stated facts that no source and no edit has set: they count as gaps."""
        known = (self.facts, *self.others)
        unset = [
            name
            for name in MADE_HERE
            if getattr(facts, name) not in (None, getattr(stored, name))
            and all(getattr(each, name) is None for each in known)
        ]
        first = Revision.objects.filter(episode=self.episode).last() if unset else None
        if first is None or not first.source.startswith("import_"):
            return []
        return [name for name in unset if first.facts.get(name) == getattr(stored, name)]

    def _taken_over(self, facts: Facts, stored: Facts) -> dict[str, Any]:
        """What another import brought and nobody edited, if this source may replace it."""
        names = set(IDENTITY) if self.source == ImportSource.FEED else set()
        if facts.status == Episode.Status.WITHDRAWN:
            names.add("status")
        return {
            name: getattr(stored, name)
            for name in names
            if getattr(self.facts, name) is None
            and any(_agrees(getattr(each, name), getattr(stored, name)) for each in self.others)
        }


def _agrees(said: object, stored: object) -> bool:
    """Whether all that is said is stored."""
    if said is None or not isinstance(said, EnclosureFacts):
        return said is not None and said == stored
    cells = (each.name for each in fields(said))
    return all(getattr(said, cell) in (None, getattr(stored, cell, None)) for cell in cells)


def store_base(
    episode: Episode,
    source: ImportSource,
    draft: Draft,
    facts: Facts,
    merged: ImportMerge | None = None,
    unread: Collection[str] = (),
) -> None:
    """Store what the source said, as the base of its next import. What it left unsaid stays."""
    old = merged.base if merged else None
    if unread:
        said = parse(old.notes).draft if old else Draft()
        draft = replace(draft, **{name: getattr(said, name) for name in unread})
    stated = {name: value for name, value in facts_as_json(facts).items() if value is not None}
    values = {
        "notes": render(normalise(draft)),
        "facts": (old.facts if old else {}) | stated,
        "unsettled": sorted(
            each.digest for each in merged.conflicts if not merged.decisions.theirs
        ) if merged else [],
    }  # fmt: skip
    if old is None:
        ImportBase.objects.create(episode=episode, source=source, **values)
    elif any(getattr(old, name) != value for name, value in values.items()):
        ImportBase.objects.filter(pk=old.pk).update(**values)


def _in_zone(facts: Facts, zone: ZoneInfo) -> Facts:
    """The facts with their times in the show's zone, as messages show them."""
    times: dict[str, Any] = {
        each.name: value.astimezone(zone)
        for each in fields(facts)
        if isinstance(value := getattr(facts, each.name), datetime)
    }
    return replace(facts, **times)
