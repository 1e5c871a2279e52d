"""Problems in a text, worded so that its author can fix them."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error stops the write; a warning doesn't."""

    severity: Severity
    message: str
    line: int | None = None  # 1-based
    field: str = ""
    value: str = ""
    repair: str | None = None  # the line as it would read when fixed
    file: str = ""

    def at(self, file: str, line_offset: int = 0) -> "Problem":
        """The same problem, placed in a file whose text began `line_offset` lines down."""
        line = self.line + line_offset if self.line is not None else None
        return replace(self, file=file, line=line)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        subject = f" [{self.field}: {self.value[:80]}]" if self.field else ""
        return f"{place + ': ' if place else ''}{self.severity}: {self.message}{subject}"


error = partial(Problem, "error")
warning = partial(Problem, "warning")


def has_errors(problems: list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def reason_of(failure: OSError) -> str:
    """The file, if the error names one, and the reason. A full disk names none."""
    parts = (failure.filename, failure.strerror or failure)
    return ": ".join(str(part) for part in parts if part is not None)
