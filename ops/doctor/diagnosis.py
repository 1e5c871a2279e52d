"""What a check says."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.conf import settings


class Diagnosis(NamedTuple):
    """A line of the report. Without a remedy, nothing is wrong."""

    subject: str
    text: str
    remedy: str = ""


Check = Callable[[], Diagnosis | Iterable[Diagnosis]]


def run(checks: Iterable[Check]) -> Iterator[Diagnosis]:
    """All lines of these checks, with the commands as an operator types them here."""
    for check in checks:
        found = check()
        for each in [found] if isinstance(found, Diagnosis) else found:
            yield Diagnosis(
                *(part.replace("./run manage", settings.MANAGE_COMMAND) for part in each)
            )
