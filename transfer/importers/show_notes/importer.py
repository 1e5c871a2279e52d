"""Imports files of show notes: one or many episodes each, every episode by itself."""

from datetime import datetime, time
from pathlib import Path

from django.db import transaction

from episodes.models import Episode
from notes.grammar.draft import Facts, Parsed, ShowDraft
from notes.models import ImportSource
from notes.parse import parse_document
from show.models import Show
from text.problems import error, has_errors
from transfer.importers.columns import fitting_or_warn
from transfer.importers.episode import import_episode
from transfer.importers.report import Report
from transfer.importers.rows import merge_show
from transfer.importers.show_notes.facts_file import FactsLine, facts_for, read_facts

MINUTE = 60
LONGEST_NAME = 200  # characters of a file's name that tell its head from others'


def import_show_notes(files: list[Path], facts_file: Path | None, report: Report) -> None:
    """Import every episode of every file; problems and outcomes go to the report."""
    show = Show.objects.current()
    lines: list[FactsLine] = []
    if facts_file:
        lines, problems = read_facts(facts_file, show.zone)
        report.within(facts_file).problems(problems)
        if problems:  # or episodes would become public without number, GUID and audio
            report.note("No notes are imported until the facts can be read.")
            return
    used: set[int] = set()
    for file in files:
        used |= _import_file(file, lines, show, report.within(file))
    for line in lines:
        if line.line not in used:
            slug = line.facts.slug or ""
            message = "No notes go with this line."
            report.within(facts_file).warn(message, line.line, field="slug", value=slug)


def _import_file(file: Path, lines: list[FactsLine], show: Show, report: Report) -> set[int]:
    """Import one file; the numbers of the facts lines that it used."""
    text = file.read_bytes().decode("utf-8-sig", errors="replace")
    if "�" in text:
        line = text[: text.index("�")].count("\n") + 1
        report.refuse(str(file), error("This file is not UTF-8; nothing is read.", line))
        return set()
    document = parse_document(text)
    report.problems(document.problems)
    if document.show:
        import_show(document.show, file, report)
    rows = text.splitlines()
    starts = [parsed.first_line for parsed in document.episodes] + [len(rows) + 1]
    used: set[int] = set()
    for parsed, end in zip(document.episodes, starts[1:], strict=True):
        facts = facts_for(parsed, lines)
        if facts and facts.line in used:  # one would overwrite the other
            message = f"Line {facts.line} of the facts went to other notes already."
            title, line = parsed.draft.title, parsed.first_line
            report.refuse(title, error(message, line, field="title", value=title))
            continue
        if facts:
            used.add(facts.line)
        elif lines:
            message = "No line of the facts goes with these notes."
            report.warn(message, parsed.first_line, field="title", value=parsed.draft.title)
        notes = "\n".join(rows[parsed.first_line - 1 : end - 1])
        _import_notes(parsed, facts, show, report, notes)
    return used


def _import_notes(
    parsed: Parsed, line: FactsLine | None, show: Show, report: Report, text: str
) -> None:
    report.problems(parsed.problems)
    if has_errors(parsed.problems):
        report.refuse(parsed.draft.title)
        return
    facts = line.facts if line else _facts_from_notes(parsed, show)
    _compare_length(parsed, facts, report)
    import_episode(
        parsed.draft,
        facts,
        ImportSource.SHOW_NOTES,
        report,
        text=text,
        first_line=parsed.first_line,
    )


def _facts_from_notes(parsed: Parsed, show: Show) -> Facts:
    """Without a facts line: published on the notes' date, a draft if they have none."""
    if parsed.dated is None:
        return Facts(kind=Episode.Kind.PODCAST)
    midnight = datetime.combine(parsed.dated, time(), show.zone)
    return Facts(kind=Episode.Kind.PODCAST, status=Episode.Status.PUBLISHED, published_at=midnight)


def _compare_length(parsed: Parsed, facts: Facts, report: Report) -> None:
    """Warn if the audio differs by more than a minute; notes state whole minutes."""
    seconds = facts.enclosure.seconds if facts.enclosure else None
    if parsed.minutes is None or seconds is None:
        return
    if abs(parsed.minutes * MINUTE - seconds) > MINUTE:
        message = f"The notes say {parsed.minutes} minutes, the facts {seconds} s."
        report.warn(message, parsed.first_line, field="length", value=parsed.draft.title)


def import_show(draft: ShowDraft, file: Path, report: Report) -> None:
    """Merge what the notes' head says about the show; the first time, it only fills gaps."""
    stated = {
        "title": draft.title,
        "author": draft.author,
        "description": draft.description,
        "support_text": draft.support,
    }
    fits = fitting_or_warn(Show, {name: text for name, text in stated.items() if text}, report)
    with transaction.atomic():
        show = Show.objects.select_for_update().first() or Show.objects.create()
        merge_show(show, ImportSource.SHOW_NOTES, file.name[:LONGEST_NAME], fits, report)
        transaction.set_rollback(report.rolls_back_each)
