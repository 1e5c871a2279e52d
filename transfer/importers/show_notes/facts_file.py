"""The `--facts` file: what show notes can't say, a tab-separated line per episode."""

import csv
import re
from dataclasses import dataclass
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
from transfer.importers.column_limits import longest

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
    """The file's lines and what is wrong with it. Raises OSError when it can't be read.

    A date without a time is midnight in the show's time zone.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    reader = csv.DictReader(text.splitlines(), dialect="excel-tab", quoting=csv.QUOTE_NONE)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        message = f"The first line must name the columns {', '.join(COLUMNS)}."
        return [], [error(message, 1, field="columns", value=", ".join(missing), file=str(path))]
    lines, problems = [], []
    for row in reader:
        try:
            lines.append(_read_line(row, reader.line_num, zone))
        except BadFact as bad:
            problems.append(bad.problem(reader.line_num, path))
    return lines, problems


class BadFact(ValueError):
    """A value that can't be read, with the column it stands in."""

    def __init__(self, column: str, value: str, expected: str) -> None:
        super().__init__(expected)
        self.column, self.value = column, value

    def problem(self, line: int, path: Path) -> Problem:
        message = f"Expected {self.args[0]}; this line is left out."
        return error(message, line, field=self.column, value=self.value, file=str(path))


def _read_line(row: dict[str, str | None], line: int, zone: ZoneInfo) -> FactsLine:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    day = _date(values["date"])
    url = values["audio_url"]
    if url and not is_web_url(url):
        raise BadFact("audio_url", url, "a web address")
    if values["slug"] and not re.fullmatch(SLUG_PATTERN, values["slug"]):
        raise BadFact("slug", values["slug"], "letters, digits and hyphens, not digits alone")
    for column, model, field in TEXTS:
        limit = longest(model, field)
        if len(values[column]) > limit:
            raise BadFact(column, values[column], f"at most {limit} characters")
    return FactsLine(
        line=line,
        date=day,
        facts=Facts(
            kind=Episode.Kind.PODCAST,
            number=_whole("number", values["number"], MOST_EPISODES),
            slug=values["slug"] or None,
            guid=values["guid"] or None,
            status=Episode.Status.PUBLISHED,
            published_at=datetime.combine(day, time(), zone),
            enclosure=EnclosureFacts(
                url,
                _whole("bytes", values["bytes"], MOST_BYTES),
                _whole("seconds", values["seconds"], MAX_SECONDS),
            )
            if url
            else None,
        ),
    )


def _date(value: str) -> date:
    try:
        return parse_day(value)
    except ValueError:
        raise BadFact("date", value, "a date such as 2020-06-29") from None


def _whole(column: str, value: str, most: int) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 16 and int(value) <= most):
        raise BadFact(column, value, f"a whole number up to {most}")
    return int(value)


def facts_for(parsed: Parsed, lines: list[FactsLine]) -> FactsLine | None:
    """The line about these notes: of their date, else with their title in its slug."""
    same_date = [line for line in lines if line.date == parsed.dated]
    if len(same_date) == 1:
        return same_date[0]
    title = slug_for(fold_typography(parsed.draft.title).replace("'", ""))
    wanted = re.compile(rf"(\d+-)?{re.escape(title)}")
    candidates = same_date or lines
    return next((line for line in candidates if wanted.fullmatch(line.facts.slug or "")), None)
