"""The app and the kind of device that a user agent names: apps.txt and devices.txt list them.

What a user agent doesn't say nobody knows: players of a system, such as iOS's, are named as such.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

OTHER = "Other apps"
UNKNOWN = "Unknown"
Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@cache
def patterns(file: str) -> Patterns:
    """Names and patterns in the file's order. `(?i)` at a pattern's start ignores case."""
    lines = Path(__file__).with_name(file).read_text().splitlines()
    pairs = (line.split("|", 1) for line in lines if line and not line.startswith("#"))
    return tuple((name.strip(), re.compile(pattern.strip())) for name, pattern in pairs)


@lru_cache(maxsize=1024)
def app_of(agent: str) -> str:
    """The app's name; OTHER if the list hasn't got it."""
    return _first("apps.txt", agent) or OTHER


@lru_cache(maxsize=1024)
def device_of(agent: str) -> str:
    """The kind of device; UNKNOWN if the user agent doesn't tell."""
    return _first("devices.txt", agent.lower()) or UNKNOWN


def _first(file: str, agent: str) -> str:
    return next((name for name, pattern in patterns(file) if pattern.search(agent)), "")
