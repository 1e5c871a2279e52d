"""Items of a checklist."""

from dataclasses import dataclass
from typing import Literal

# Apps reject it; listeners or readers suffer; it merely differs from other episodes.
Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """`place` is where to fix it: `#id` on the episode's form, `tab#id`, or an address."""

    severity: Severity
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class Group:
    """The items of related checks; `all_clear` is shown if there are none."""

    title: str
    all_clear: str
    items: tuple[ChecklistItem, ...]
