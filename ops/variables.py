"""The environment variables of the site, by the names that .env.example has."""

import os
import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"
NAME = re.compile(r"^#?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
SIMILAR = 0.85  # difflib's ratio: PNIG_URL is PING_URL


@cache
def known() -> frozenset[str]:
    return frozenset(NAME.findall(EXAMPLE.read_text()))


def refuse_line_breaks() -> None:
    """Raises ImproperlyConfigured naming values with one: none needs it."""
    if broken := sorted(name for name in known() if "\n" in os.environ.get(name, "")):
        names = ", ".join(broken)
        raise ImproperlyConfigured(f"{names}: a line break. Is a quote not closed there?")


def misspelt() -> dict[str, str]:
    """Variables that nothing reads, with the name that each resembles."""
    found = {}
    for name in sorted(set(os.environ) - known()):
        if similar := get_close_matches(name, known(), n=1, cutoff=SIMILAR):
            found[name] = similar[0]
    return found
