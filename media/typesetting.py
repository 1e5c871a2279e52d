"""Breaks a text into lines of a width in pixels, and cuts what is too long."""

from collections.abc import Iterator

from PIL.ImageFont import FreeTypeFont


def cut(lines: list[str], most: int, font: FreeTypeFont, width: int) -> list[str]:
    """At most so many lines, the last one cut if there are more."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), font, width)]


def balanced(text: str, lines: list[str], font: FreeTypeFont, width: int) -> list[str]:
    """The same number of lines, but of similar length: no word is alone on the last one."""
    longest = max(font.getlength(word) for word in text.split())
    for narrow in range(round(longest) + 1, width, 24):
        narrower = list(lines_of(text, font, narrow))
        if len(narrower) == len(lines):
            return narrower
    return lines


def lines_of(text: str, font: FreeTypeFont, width: int) -> Iterator[str]:
    """The text in lines of that width. Only a word longer than a line is broken."""
    line = ""
    for word in text.split():
        if line and font.getlength(f"{line} {word}") > width:
            yield line
            line = ""
        line = f"{line} {word}".lstrip()
        while font.getlength(line) > width:
            fits = _fitting(line, font, width)
            yield line[:fits]
            line = line[fits:]
    yield line


def shortened(text: str, font: FreeTypeFont, width: int) -> str:
    """The text, cut at its end if it is wider than that."""
    if font.getlength(text) <= width:
        return text
    return text[: _fitting(text, font, width - round(font.getlength("…")))].rstrip(" ,.") + "…"


def _fitting(text: str, font: FreeTypeFont, width: int) -> int:
    """How many letters of the text fit into that width; at least one."""
    count = len(text)
    while count > 1 and font.getlength(text[:count]) > width:
        count -= 1
    return count
