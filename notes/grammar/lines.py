"""A text as clean, numbered lines, with fenced code told apart from prose."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from text.names import normalize_unicode
from text.problems import Problem

# Whatever Python's splitlines() takes for a line's end becomes one.
LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# Controls no database column holds, and marks without width that hide in pasted text.
# Joiners (U+200C, U+200D) stay: emoji and several scripts need them.
INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff]")
SPACES = re.compile("[\u00a0\u2007\u202f]")
SURROGATES = re.compile("[\ud800-\udfff]")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
SENTENCE_ENDS = (".", "!", "?", ".”", '."', ".)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, its 1-based number, and whether it is in fenced code."""

    number: int
    text: str
    fenced: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    def error(
        self, field: str, message: str, value: str | None = None, repair: str | None = None
    ) -> Problem:
        """A problem here, by default of the line's whole text."""
        value = self.text.strip() if value is None else value
        return Problem("error", message, self.number, field, value, repair)

    def warning(
        self, field: str, message: str, value: str | None = None, repair: str | None = None
    ) -> Problem:
        """Like `error`, for what can be stored all the same."""
        return replace(self.error(field, message, value, repair), severity="warning")


def clean(text: str) -> str:
    """The text in NFC with plain line ends and spaces, without invisible characters."""
    text = LINE_ENDS.sub("\n", text)
    text = SPACES.sub(" ", INVISIBLE.sub("", text))
    return normalize_unicode("NFC", SURROGATES.sub("\ufffd", text))


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(text.split())


def split_list(text: str, pairs: bool = False) -> list[str]:
    """`A, B (x, y) and C` as its three members; with `pairs`, `A and B` as its two."""
    parts = [part.strip() for part in _split_outside_brackets(text)]
    if pairs or len(parts) > 1:
        before, _, last = f" {parts[-1]}".replace(" & ", " and ").rpartition(" and ")
        parts[-1:] = [before.strip(), last.strip()]
    return [part for part in parts if part]


def reflow(lines: list[str]) -> list[str]:
    """Wrapped lines, with a blank line where a sentence ended before the margin."""
    width = max(map(len, lines), default=0)
    result = []
    for line, following in pairwise([*lines, ""]):
        result.append(line)
        word = following.split(" ", 1)[0]
        if word and line.endswith(SENTENCE_ENDS) and len(line) + 1 + len(word) <= width:
            result.append("")
    return result


def numbered(text: str) -> list[Line]:
    """The cleaned text's lines, counted from 1."""
    lines = clean(text).split("\n")
    return list(map(Line, range(1, len(lines) + 1), lines, in_fences(lines)))


def in_fences(lines: list[str]) -> list[bool]:
    """Whether each line is fenced code. An unclosed fence is an ordinary line."""
    fences = [_fence(line) for line in lines]
    closable = _closable(fences)
    result, inside = [], ""
    for (fence, info), can_close in zip(fences, closable, strict=True):
        if inside:
            result.append(True)
            if not info and fence.startswith(inside):
                inside = ""
            continue
        if can_close:
            inside = fence
        result.append(bool(inside))
    return result


def _split_outside_brackets(text: str) -> list[str]:
    """The text split at commas and semicolons, but not at those in brackets."""
    if text.count("(") != text.count(")"):
        return text.replace(";", ",").split(",")
    parts, start, depth = [], 0, 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char in ",;" and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _fence(line: str) -> tuple[str, str]:
    """The line's fence and what follows it; ("", "") for every other line."""
    match = FENCE.match(line)
    if not match:
        return "", ""
    fence, info = match[1], match[2].strip()
    # Backticks after backticks are code within a paragraph.
    return ("", "") if fence[0] == "`" in info else (fence, info)


def _closable(fences: list[tuple[str, str]]) -> list[bool]:
    """For each line whether it is a fence that a later line closes. One pass, from the end."""
    longest = {"`": 0, "~": 0}
    result = []
    for fence, info in reversed(fences):
        result.append(bool(fence) and longest[fence[0]] >= len(fence))
        if fence and not info:
            longest[fence[0]] = max(longest[fence[0]], len(fence))
    return result[::-1]
