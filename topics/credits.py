"""Who says what a moment is about, in an episode with several guests."""

import re
from collections.abc import Iterable

IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
WORD = re.compile(r"\w+")


def credited(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Of an episode's guests the one whom the text names in brackets: “Best tips (Ann)?”. All of
    them if it names none or several.
    """
    guests = tuple(names)
    given = [set(_words(part)) for part in IN_BRACKETS.findall(text)]
    named = tuple(
        name for name in guests if any(words and words <= set(_words(name)) for words in given)
    )
    return named if len(named) == 1 else guests


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())
