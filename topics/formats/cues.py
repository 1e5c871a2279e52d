"""A transcript's passages as plain values, whatever file they come from."""

import re
import unicodedata
from dataclasses import dataclass, field

from text.problems import Problem

LINE_ENDS = re.compile("\r\n|\r")
# Controls no database column holds, and marks without width that hide in words.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]")
SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CueDraft:
    """A passage, said by one speaker. Times are milliseconds; every text is tidy.

    `text` is plain words on one line or more. `line` is where the passage stands in its file.
    """

    start: int
    end: int
    text: str
    speaker: str = ""
    identifier: str = ""
    settings: str = ""
    language: str = ""
    line: int = field(default=0, compare=False)


Parsed = tuple[list[CueDraft], list[Problem]]


def file_lines(text: str) -> list[str]:
    """The file's lines, whichever system wrote it, without a byte order mark."""
    return LINE_ENDS.sub("\n", text.removeprefix("\ufeff")).split("\n")


def tidy(text: str) -> str:
    """The text on one line, in NFC, with single spaces and without invisible characters."""
    text = UNSEEN.sub("", SURROGATES.sub("\ufffd", text))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def tidy_lines(text: str) -> str:
    """The text with each line tidy, and without blank ones."""
    return "\n".join(filter(None, map(tidy, text.split("\n"))))


def is_speaker_name(text: str) -> bool:
    """Whether words before a colon look like a name: up to four, each with a capital or digit."""
    words = text.split()
    return 0 < len(words) <= 4 and all(word[0].isupper() or word.isdecimal() for word in words)
