"""Output of an import: problems and outcomes while it runs, then the summary line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from io import TextIOBase
from typing import Any

from django.db import transaction

from feeds.show_gaps import open_gaps
from notes.merge import MergeChange
from show.models import Show
from text.problems import Problem, error, warning
from transfer.importers.excerpts import excerpts

NEW_TECHNOLOGY = "A new technology."
NAMED = 10  # of one thing's changes


class InvalidInput(ValueError):
    """Input that can't be imported; `problem` says why, and where if that is known."""

    def __init__(
        self, message: str, line: int | None = None, *, value: object = "", **place: Any
    ) -> None:
        super().__init__(message)
        self.problem = error(message, line, value=str(value)[:80], **place)


class Report:
    """Writes problems as they are found and one outcome for each imported thing."""

    def __init__(self, out: TextIOBase, dry_run: bool = False, theirs: bool = False) -> None:
        self.out = out
        self.dry_run = dry_run
        self.rolls_back_each = dry_run  # every single row, rather than all of them at the end
        self.theirs = theirs  # what was changed here and in the source becomes the source's
        self.file = ""
        self.severities: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.differing: Counter[str] = Counter()  # by field: what stays, unlike in the source
        self.new_technologies: Counter[str] = Counter()
        self.shows_progress = out.isatty()

    @property
    def has_errors(self) -> bool:
        return self.severities["error"] > 0

    def within(self, file: object) -> "Report":
        """The same report, for problems in this file."""
        report = copy(self)
        report.file = str(file)
        return report

    @contextmanager
    def in_one_transaction(self) -> Iterator[None]:
        """In a dry run, write everything and roll it back at the end: rows need earlier ones."""
        self.rolls_back_each = False
        if not self.dry_run:
            yield
            return
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def problem(self, problem: Problem) -> None:
        if self.rolls_back_each and problem.message == NEW_TECHNOLOGY:
            self.new_technologies[problem.value] += 1  # new in each episode: none is stored
            return
        self.severities[problem.severity] += 1
        self._write_line(str(problem if problem.file else replace(problem, file=self.file)))

    def problems(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.problem(problem)

    def warn(self, message: str, line: int | None = None, **place: Any) -> None:
        """Report a warning; `place` takes the further fields of `Problem`."""
        self.problem(warning(message, line, **place))

    def refuse(self, what: str, *problems: Problem) -> None:
        """Report the problems for which something isn't imported, and count it as failed."""
        self.problems(problems)
        self.outcome(what, "failed")

    def outcome(self, what: str, outcome: str, replaced: Iterable[str] = ()) -> None:
        """`outcome` is new, changed, unchanged or failed; `replaced` the host's own edits."""
        self.outcomes[outcome] += 1
        if outcome != "unchanged":
            self._write_line(f"{what}: {outcome}")
        for edit in replaced:
            self._write_line(f"{what}: overwrites your edit: {edit}")
        if self.shows_progress:
            self.out.write(f"{self.outcomes.total()} done\r")
            self.out.flush()

    def changes(self, what: object, changes: Iterable[MergeChange]) -> None:
        """Write what is replaced or deleted, with its values, and what is added, by field."""
        added: Counter[str] = Counter()
        lines = []
        for change in changes:
            before, after = excerpts(change.before, change.after)
            if not before:
                added[change.field] += 1
            elif after:
                lines.append(f"{change.field}: “{before}” → “{after}”")
            else:
                lines.append(f"{change.field} deleted: “{before}”")
        if len(lines) > NAMED:
            lines[NAMED:] = [f"{len(lines) - NAMED:,} more changes"]
        if added:
            names = (f"{name} ({n:,})" if n > 1 else name for name, n in added.items())
            lines.append(f"added: {', '.join(names)}")
        for line in lines:
            self._write_line(f"{what}: {line}")

    def gaps(self, show: Show) -> None:
        """Write what the show still lacks; the desk's start lists the same."""
        lacking = open_gaps(show)
        if lacking:
            self._write_line("The show still lacks (the desk’s start page leads to each):")
        for gap in lacking:
            self._write_line(f"  {gap.message}")

    def note(self, line: str) -> None:
        """Write a line that is neither a problem nor an outcome."""
        self._write_line(line)

    def finish(self) -> None:
        """Write what was collected, then the summary."""
        if self.differing:
            fields = ", ".join(f"{name} ({n:,})" for name, n in self.differing.most_common())
            self._write_line(f"Stays though the source says otherwise: {fields}; see --theirs.")
        if new := self.new_technologies:
            names = ", ".join(name for name, _ in new.most_common())
            self.warn(f"New technologies: {len(new):,}. {names}.")
        self._write_line(self.summary())

    def summary(self) -> str:
        counts = ", ".join(
            f"{self.outcomes[name]} {name}" for name in ("new", "changed", "unchanged", "failed")
        )
        found = ", ".join(
            f"{self.severities[name]} {name}{'' if self.severities[name] == 1 else 's'}"
            for name in ("error", "warning")
        )
        dry = " (dry run: nothing was written)" if self.dry_run else ""
        total = self.outcomes.total()
        return f"{total} item{'' if total == 1 else 's'}: {counts}; {found}{dry}"

    def _write_line(self, line: str) -> None:
        clear = "\033[K" if self.shows_progress else ""
        self.out.write(f"{clear}{line}\n")


def outcome_of(is_new: bool, is_changed: object) -> str:
    return "new" if is_new else "changed" if is_changed else "unchanged"


def replaced_values(old: Mapping[str, Any]) -> list[str]:
    """Former values of columns, for the report; empty ones were nobody's edit."""
    return [
        f"{name}: “{str(value)[:60]}”" for name, value in old.items() if value not in ("", None)
    ]
