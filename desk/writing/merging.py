"""Joins a text with what others saved meanwhile, so that neither undoes the other."""

from dataclasses import dataclass

from desk.writing.conflicts import BaseVersion
from desk.writing.reading import read_text
from episodes.models import Episode
from notes.apply import by_catalogue_names
from notes.grammar.draft import Draft
from notes.history import revision_at, snapshot_of
from notes.merge import Decisions, MergeConflict, merge
from notes.models import Revision
from notes.read_rows import stored_draft
from notes.render import render
from notes.validity import normalise
from text.problems import has_errors


@dataclass(frozen=True, slots=True)
class MergedText:
    """Both texts in one. `conflicts` are what both changed, where it has the host's own words."""

    text: str
    conflicts: list[MergeConflict]


def merge_texts(episode: Episode, base: BaseVersion, text: str) -> MergedText | None:
    """The text, made from `base`, with what was saved or autosaved since.

    None if one of the texts has errors or a post's front matter, or the base isn't stored.
    """
    before = Revision.objects.filter(episode=episode, number=base.revision).first()
    mine, theirs = _read(text), _theirs(episode, text)
    if before is None or mine is None or theirs is None:
        return None
    decisions = Decisions(theirs=True)
    merged = merge(snapshot_of(before).draft, theirs, mine, decisions)
    return MergedText(render(merged), decisions.conflicts)


def _theirs(episode: Episode, text: str) -> Draft | None:
    """The rows, with another text that waits."""
    rows = stored_draft(episode)
    if not episode.draft_text or episode.draft_text == text:
        return rows
    before, waiting = revision_at(episode, episode.draft_edit or 0), _read(episode.draft_text)
    if before is None or waiting is None:
        return None
    return merge(snapshot_of(before).draft, rows, waiting, Decisions(theirs=True))


def _read(text: str) -> Draft | None:
    reading = read_text(text)
    if reading.is_post or has_errors(reading.problems):
        return None
    return by_catalogue_names(normalise(reading.draft))
