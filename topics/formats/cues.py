"""A transcript's passages as plain values; the parts of captions (WebVTT, section 4.2.2)."""

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import groupby

from text.names import normalize_unicode
from text.problems import Problem, error, warning
from text.timecode import MAX_SECONDS

ARROW = "-->"
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)(?:[.,](\d{1,3}))?", re.ASCII)
LINE_ENDS = re.compile("\r\n|\r")
# Controls no database column holds, and marks without width that hide in words.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]")
SURROGATES = re.compile("[\ud800-\udfff]")
# Only tags that captions know. Machines don't escape: on this show “<div>” was likely spoken.
NAMES = "b|c|font|i|lang|rt|ruby|s|u|v"
TAG = re.compile(rf"<(?:(/?)({NAMES})(?=[\s.>/])([^<>]*)|\d+:[\d:.]+)>", re.IGNORECASE)
CLASSES = re.compile(r"\.\S*")
ENTITY = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,8}|\w{1,32});")
# By subtitlers' custom, a dash precedes each of several speakers of one cue.
DASH = re.compile(r"^[ \t]*[-–—]\s*(?=<v[\s.])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CueDraft:
    """A passage in plain, tidy words on one line or more, said by one speaker; in milliseconds."""

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
    return normalize_unicode("NFC", " ".join(text.split()))


def tidy_lines(text: str) -> str:
    """The text with each line tidy, and without blank ones."""
    return "\n".join(filter(None, map(tidy, text.split("\n"))))


def is_speaker_name(text: str) -> bool:
    """Whether words before a colon look like a name: up to four, each with a capital or digit."""
    words = text.split()
    return 0 < len(words) <= 4 and all(word[0].isupper() or word.isdecimal() for word in words)


def parse_clock(value: str) -> int:
    """Milliseconds. Hours may be missing; a comma is read as a point. Raises ValueError."""
    match = CLOCK.fullmatch(value)
    if not match or (match[1] and int(match[2]) > 59):
        raise ValueError(f"“{value[:40]}” is not a time such as 00:01:02.345.")
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    whole = hours * 3600 + minutes * 60 + seconds
    if whole >= MAX_SECONDS:
        raise ValueError(f"“{value[:40]}” is a week or more.")
    return whole * 1000 + int((match[4] or "0").ljust(3, "0"))


def format_clock(milliseconds: int) -> str:
    """`hh:mm:ss.mmm`, WebVTT's long form."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"


def parse_timing(line: str) -> tuple[int, int, str]:
    """Start, end and the rest of `0:01.000 --> 0:02.500 align:left`. Raises ValueError in words."""
    left, _, right = line.partition(ARROW)
    last, _, rest = right.strip().partition(" ")
    start, end = parse_clock(left.strip()), parse_clock(last.strip())
    if end < start:
        raise ValueError("This cue ends before it starts.")
    return start, end, rest.strip()


def read_cue(times: str, text: str, times_line: int, line: int) -> tuple[Parsed, str]:
    """The cues of a caption, one for each voice, and the settings after its times."""
    try:
        start, end, rest = parse_timing(times)
    except ValueError as wrong:
        return ([], [error(str(wrong), times_line, "times", times.strip())]), ""
    said = spans(text)
    cues = [
        CueDraft(start, end, span.text, span.speaker, language=span.language, line=line)
        for span in said
    ]
    message = "This cue has no words; left out."
    return (cues, [] if said else [warning(message, line, "times", times.strip())]), rest


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
    """The text between tags. Blanks belong to the piece before them."""
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
