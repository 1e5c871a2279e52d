"""Merges a form with what others saved while it was open: what only they changed stays theirs."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from episodes.models import Episode, Sponsor
from notes.apply import apply_draft, apply_facts
from notes.grammar.draft import EPISODE_FACTS, Draft, Facts
from notes.history import revision_at, snapshot_of
from notes.in_words import in_words
from notes.merge import Decisions, merge
from notes.read_rows import facts_from_json, stored_draft, stored_facts


@dataclass(frozen=True, slots=True)
class BothChanged:
    """What both changed, so that the form's value counts; in words, theirs empty if removed."""

    what: str
    theirs: str


@dataclass(slots=True)
class FormMerge:
    """The state before the form was opened, and the one that others saved since."""

    base: Draft
    base_facts: Facts
    theirs: Draft
    their_facts: Facts
    both: list[BothChanged] = field(default_factory=list)

    def merge_values(self, cleaned: dict[str, Any]) -> None:
        """Take their facts where the form still says what it was opened with."""
        for name in (each for each in EPISODE_FACTS if each in cleaned):
            before, theirs = getattr(self.base_facts, name), getattr(self.their_facts, name)
            mine = cleaned[name]
            if theirs in (before, mine):
                continue
            if mine == before or (mine in ("", None) and before in ("", None)):
                cleaned[name] = theirs
            else:
                self.both.append(BothChanged(name.replace("_", " "), in_words(theirs)))

    def merge_rows(self, episode: Episode) -> None:
        """Merge the saved form with their notes, recording and sponsor. Then call finish_edit."""
        decisions = Decisions(theirs=True)  # the source of the merge is the form
        apply_draft(episode, merge(self.base, self.theirs, stored_draft(episode), decisions))
        self.both += [BothChanged(each.field, each.stored) for each in decisions.conflicts]
        mine, stay = stored_facts(episode), {}
        for name in ("enclosure", "sponsor"):
            before, theirs = getattr(self.base_facts, name), getattr(self.their_facts, name)
            if getattr(mine, name) == before != theirs:
                stay[name] = theirs
        if "sponsor" in stay and stay["sponsor"] is None:
            Sponsor.objects.filter(episode=episode).delete()
        if (audio := stay.get("enclosure")) and "://" not in audio.url:
            del stay["enclosure"]  # the form never changes a stored recording
        apply_facts(episode, Facts(**stay))


def tell_both_changed(request: HttpRequest, merged: FormMerge) -> None:
    """A message for each value that the form replaced although others had changed it, too."""
    for each in merged.both:
        theirs = f"it was “{each.theirs}”" if each.theirs else "it was removed"
        messages.warning(
            request, f"Both changed this, and yours stays: {each.what}. Before, {theirs}."
        )


def start_merge(pk: int, edit_number: str) -> FormMerge | None:
    """For a form that was opened at this edit; None if no revision says what it was then."""
    episode = Episode.with_deleted.get(pk=pk)
    is_number = edit_number.isascii() and edit_number.isdigit() and len(edit_number) < 10
    before = revision_at(episode, int(edit_number)) if is_number else None
    if before is None:
        return None
    return FormMerge(
        snapshot_of(before).draft,
        facts_from_json(before.facts),
        stored_draft(episode),
        stored_facts(episode),
    )
