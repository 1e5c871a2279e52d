"""Reads the `--facts` file: what show notes can't hold, a line per episode."""

import codecs
import csv
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from episodes.models import Enclosure, Episode
from notes.grammar.draft import EnclosureFacts, Facts, Parsed
from text.dates import parse_day
from text.names import SLUG_PATTERN, fold_typography, slug_for
from text.problems import Problem, error
from text.timecode import MAX_SECONDS
from text.urls import is_web_url
from transfer.importers.columns import longest
from transfer.importers.report import InvalidInput

MOST_EPISODES, MOST_BYTES = 999_999, 10**12
TEXTS = (("slug", Episode, "slug"), ("guid", Episode, "guid"), ("audio_url", Enclosure, "url"))
COLUMNS = ("number", "date", "slug", "bytes", "seconds", "audio_url", "guid")


@dataclass(frozen=True, slots=True)
class FactsLine:
    """One line of the file, with its number for messages."""

    line: int
    date: date
    facts: Facts


def read_facts(path: Path, zone: ZoneInfo) -> tuple[list[FactsLine], list[Problem]]:
    """The file's lines and its problems; dates are midnight in this zone. Raises OSError."""
    reader = _reader(path)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        names = ", ".join(COLUMNS)
        message = f"The first line must name these columns, separated by tabs: {names}."
        return [], [error(message, 1, field="missing", value=", ".join(missing))]
    lines, problems = [], []
    for row in reader:
        try:
            lines.append(_read_line(row, reader.line_num + 1, zone))
        except InvalidInput as invalid:
            problems.append(replace(invalid.problem, line=reader.line_num + 1))
    return lines, problems


def _reader(path: Path) -> "csv.DictReader[str]":
    """The rows by column. Spreadsheets also save commas, semicolons and UTF-16."""
    data = path.read_bytes()
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    lines = data.decode("utf-16" if is_utf16 else "utf-8-sig", errors="replace").splitlines()
    head = lines[0] if lines else ""
    separator = next((mark for mark in "\t;," if mark in head), "\t")
    names = [name.strip(' "').lower() for name in head.split(separator)]
    if separator == "\t":
        return csv.DictReader(lines[1:], names, dialect="excel-tab", quoting=csv.QUOTE_NONE)
    return csv.DictReader(lines[1:], names, delimiter=separator)


def _expected(column: str, value: str, what: str) -> InvalidInput:
    return InvalidInput(f"Expected {what}; this line is left out.", field=column, value=value)


def _read_line(row: dict[str, str | None], line: int, zone: ZoneInfo) -> FactsLine:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    try:
        day = parse_day(values["date"])
    except ValueError:
        raise _expected("date", values["date"], "a date such as 2020-06-29") from None
    url = values["audio_url"]
    if url and not is_web_url(url):
        raise _expected("audio_url", url, "a web address")
    if values["slug"] and not re.fullmatch(SLUG_PATTERN, values["slug"]):
        raise _expected("slug", values["slug"], "letters, digits and hyphens, not digits alone")
    for column, model, field in TEXTS:
        limit = longest(model, field)
        if len(values[column]) > limit:
            raise _expected(column, values[column], f"at most {limit} characters")
    size = _whole("bytes", values["bytes"], MOST_BYTES)
    seconds = _whole("seconds", values["seconds"], MAX_SECONDS)
    facts = Facts(
        kind=Episode.Kind.PODCAST,
        number=_whole("number", values["number"], MOST_EPISODES),
        slug=values["slug"] or None,
        guid=values["guid"] or None,
        status=Episode.Status.PUBLISHED,
        published_at=datetime.combine(day, time(), zone),
        enclosure=EnclosureFacts(url, size, seconds) if url else None,
    )
    return FactsLine(line, day, facts)


def _whole(column: str, value: str, most: int) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 16 and int(value) <= most):
        raise _expected(column, value, f"a whole number up to {most}")
    return int(value)


def facts_for(parsed: Parsed, lines: list[FactsLine]) -> FactsLine | None:
    """The line for these notes: the one with their date, else the one with their title's slug."""
    same_date = [line for line in lines if line.date == parsed.dated]
    if len(same_date) == 1:
        return same_date[0]
    title = slug_for(fold_typography(parsed.draft.title).replace("'", ""))
    pattern = re.compile(rf"(\d+-)?{re.escape(title)}")
    candidates = same_date or lines
    return next((line for line in candidates if pattern.fullmatch(line.facts.slug or "")), None)
