"""Files of show notes into the catalogue: each parsed whole, each episode written by itself."""

from datetime import datetime, time
from pathlib import Path

from django.db import transaction

from episodes.models import Episode
from notes.grammar.draft import Facts, Parsed, ShowDraft
from notes.merge import SHOW_NOTES
from notes.parse import parse_document
from show.models import Show
from text.problems import error, has_errors, warning
from transfer.importers.episode import import_episode
from transfer.importers.report import Report
from transfer.importers.show_notes.facts_file import FactsLine, facts_for, read_facts

MINUTE = 60


def import_show_notes(files: list[Path], facts_file: Path | None, report: Report) -> None:
    """Import every episode of every file; problems and outcomes go to the report."""
    show = Show.objects.current()
    lines: list[FactsLine] = []
    if facts_file:
        lines, problems = read_facts(facts_file, show.zone)
        for problem in problems:
            report.problem(problem)
    used: set[int] = set()
    for file in files:
        used |= _import_file(file, lines, show, report)
    for line in lines:
        if line.line not in used:
            message = "No notes go with this line."
            slug = line.facts.slug or ""
            report.problem(
                warning(message, line.line, field="slug", value=slug, file=str(facts_file))
            )


def _import_file(file: Path, lines: list[FactsLine], show: Show, report: Report) -> set[int]:
    """Import one file; returns the numbers of the facts lines it used."""
    data = file.read_bytes()
    text = data.decode("utf-8-sig", errors="replace")
    if "�" in text:
        number = text[: text.index("�")].count("\n") + 1
        report.problem(error("This file is not UTF-8; nothing is read.", number, file=str(file)))
        report.outcome(str(file), "failed")
        return set()
    document = parse_document(text)
    for problem in document.problems:
        report.problem(problem.at(str(file)))
    if document.show and not report.dry_run:
        complete_show(document.show)
    rows = text.splitlines()
    starts = [parsed.first_line for parsed in document.episodes] + [len(rows) + 1]
    used = set()
    for parsed, end in zip(document.episodes, starts[1:], strict=True):
        line = facts_for(parsed, lines)
        if line and line.line in used:
            _refuse_second_claim(parsed, line, report, file)
            continue
        if line:
            used.add(line.line)
        notes = "\n".join(rows[parsed.first_line - 1 : end - 1])
        _import_notes(parsed, line, show, report, notes, file)
    return used


def _refuse_second_claim(parsed: Parsed, line: FactsLine, report: Report, file: Path) -> None:
    """Two notes for one line of facts: one would overwrite the other."""
    message = f"Line {line.line} of the facts went to other notes already."
    title = parsed.draft.title
    report.problem(error(message, parsed.first_line, field="title", value=title, file=str(file)))
    report.outcome(title, "failed")


def _import_notes(
    parsed: Parsed, line: FactsLine | None, show: Show, report: Report, text: str, file: Path
) -> None:
    for problem in parsed.problems:
        report.problem(problem.at(str(file)))
    if has_errors(parsed.problems):
        report.outcome(parsed.draft.title, "failed")
        return
    facts = line.facts if line else _facts_from_notes(parsed, show)
    _compare_length(parsed, facts, report, file)
    import_episode(
        parsed.draft,
        facts,
        SHOW_NOTES,
        report,
        text=text,
        file=str(file),
        first_line=parsed.first_line,
    )


def _facts_from_notes(parsed: Parsed, show: Show) -> Facts:
    """Without a facts line: published on the date the notes name, a draft if they name none."""
    if parsed.dated is None:
        return Facts(kind=Episode.Kind.PODCAST)
    midnight = datetime.combine(parsed.dated, time(), show.zone)
    return Facts(kind=Episode.Kind.PODCAST, status=Episode.Status.PUBLISHED, published_at=midnight)


def _compare_length(parsed: Parsed, facts: Facts, report: Report, file: Path) -> None:
    """The notes name whole minutes; a different audio is more than a minute off."""
    if parsed.minutes is None or facts.enclosure is None or facts.enclosure.seconds is None:
        return
    if abs(parsed.minutes * MINUTE - facts.enclosure.seconds) > MINUTE:
        report.problem(
            warning(
                f"The notes say {parsed.minutes} minutes, the facts {facts.enclosure.seconds} s.",
                parsed.first_line,
                field="length",
                value=parsed.draft.title,
                file=str(file),
            )
        )


@transaction.atomic
def complete_show(draft: ShowDraft) -> None:
    """Fill what the show's row doesn't say yet; the host's own words are never replaced."""
    show = Show.objects.select_for_update().first() or Show()
    stated = {
        "title": draft.title if show.title == Show._meta.get_field("title").default else "",
        "author": draft.author,
        "description": draft.description,
        "support_text": draft.support,
    }
    new = {
        name: value
        for name, value in stated.items()
        if value and (name == "title" or not getattr(show, name))
    }
    for name, value in new.items():
        setattr(show, name, value)
    if new:
        show.save()
