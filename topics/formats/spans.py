"""What a cue's marked-up text says, by who says it (WebVTT, section 4.2.2: cue components)."""

import re
from dataclasses import dataclass
from html import unescape
from itertools import groupby

from topics.formats.cues import tidy, tidy_lines

# Only tags that captions know. Machines don't escape: on this show “<div>” was likely spoken.
NAMES = "b|c|font|i|lang|rt|ruby|s|u|v"
TAG = re.compile(rf"<(?:(/?)({NAMES})(?=[\s.>/])([^<>]*)|\d+:[\d:.]+)>", re.IGNORECASE)
CLASSES = re.compile(r"\.\S*")
ENTITY = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,8}|\w{1,32});")
# Before each of several speakers of one cue stands a dash, by subtitlers' custom.
DASH = re.compile(r"^[ \t]*[-–—]\s*(?=<v[\s.])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """Plain words of one speaker. `language` is stated when all of them are in it."""

    text: str
    speaker: str = ""
    language: str = ""


def spans(marked_up: str) -> list[Span]:
    """The spans that have words, in order. Never raises."""
    found = []
    everything = _pieces(DASH.sub("", marked_up))
    for speaker, group in groupby(everything, key=lambda piece: piece.speaker):
        pieces = list(group)
        languages = {piece.language for piece in pieces}
        language = languages.pop() if len(languages) == 1 else ""
        found.append(Span(tidy_lines("".join(piece.text for piece in pieces)), speaker, language))
    return [span for span in found if span.text]


def _pieces(marked_up: str) -> list[Span]:
    """The text between tags. Blanks belong to what stands before them."""
    pieces: list[Span] = []
    speaker, languages, end = "", [""], 0
    for tag in TAG.finditer(marked_up):
        _append(pieces, marked_up[end : tag.start()], speaker, languages[-1])
        end = tag.end()
        closing, name, rest = tag.groups(default="")
        match name.lower(), closing:
            case "v", "":
                speaker = _annotation(rest)
            case "v", _:
                speaker = ""
            case "lang", "":
                languages.append(_annotation(rest))
            case "lang", _ if len(languages) > 1:
                languages.pop()
    _append(pieces, marked_up[end:], speaker, languages[-1])
    return pieces


def _append(pieces: list[Span], text: str, speaker: str, language: str) -> None:
    text = _unescaped(text)
    if text.strip():
        pieces.append(Span(text, speaker, language))
    elif pieces:
        pieces.append(Span(text, pieces[-1].speaker, pieces[-1].language))


def _annotation(rest: str) -> str:
    """The name in `<v.loud Mary Ann>`: what follows the tag's classes."""
    return tidy(_unescaped(CLASSES.sub("", rest, count=1) if rest.startswith(".") else rest))


def _unescaped(text: str) -> str:
    return ENTITY.sub(lambda entity: unescape(entity[0]), text)
