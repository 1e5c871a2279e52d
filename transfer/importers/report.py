"""What an import says while it runs and when it is done."""

from collections import Counter
from typing import Protocol

from text.problems import Problem


class Output(Protocol):
    """A stream, or Django's wrapper of one."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...
    def isatty(self) -> bool: ...


class Report:
    """Problems as they are found, one outcome per thing imported, and the summary line."""

    def __init__(self, out: Output, dry_run: bool = False) -> None:
        self.out = out
        self.dry_run = dry_run
        self.problems: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.progress = out.isatty()

    @property
    def has_errors(self) -> bool:
        return self.problems["error"] > 0

    def problem(self, problem: Problem) -> None:
        self.problems[problem.severity] += 1
        self._say(str(problem))

    def outcome(self, what: str, outcome: str, replaced: list[str] | None = None) -> None:
        """`outcome` is new, changed, unchanged or failed; `replaced` the host's own edits."""
        self.outcomes[outcome] += 1
        if outcome != "unchanged":
            self._say(f"{what}: {outcome}")
        for edit in replaced or []:
            self._say(f"{what}: replaces what stood here: {edit}")
        if self.progress:
            self.out.write(f"\r{sum(self.outcomes.values())} done")
            self.out.flush()

    def summary(self) -> str:
        counts = ", ".join(
            f"{self.outcomes[name]} {name}" for name in ("new", "changed", "unchanged", "failed")
        )
        found = ", ".join(
            f"{self.problems[name]} {name}{'' if self.problems[name] == 1 else 's'}"
            for name in ("error", "warning")
        )
        dry = " (dry run: nothing was written)" if self.dry_run else ""
        return f"{sum(self.outcomes.values())} imported: {counts}; {found}{dry}"

    def _say(self, line: str) -> None:
        clear = "\r\033[K" if self.progress else ""
        self.out.write(f"{clear}{line}\n")
