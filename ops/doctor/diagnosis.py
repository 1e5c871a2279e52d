"""What a check says."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class Diagnosis(NamedTuple):
    """A line of the report. Without a remedy, nothing is wrong."""

    subject: str
    text: str
    remedy: str = ""


Check = Callable[[], Diagnosis | Iterable[Diagnosis]]


def run(checks: Iterable[Check]) -> Iterator[Diagnosis]:
    for check in checks:
        found = check()
        if isinstance(found, Diagnosis):
            yield found
        else:
            yield from found
