"""What a check finds."""

from dataclasses import dataclass
from typing import Literal

# An app refuses it; readers or listeners are let down; it is only unlike the other episodes.
Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`place`: where it is mended, a fragment of the episode's form or an address of the desk."""

    severity: Severity
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class Group:
    """What one kind of check found; `praise` is said when that is nothing."""

    title: str
    praise: str
    findings: tuple[Finding, ...]
