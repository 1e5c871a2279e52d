"""Tables of figures, as pages show them and as files have them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.safestring import SafeString

from desk.listeners.charts import swatch
from desk.listeners.period import day_name

Value = str | int | float | date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONG = 12  # rows; longer tables are folded below their chart


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """`key` names it in files. `unit` stands behind each number."""

    key: str
    label: str
    unit: str = ""
    is_change: bool = False  # with a sign


@dataclass(frozen=True, slots=True)
class FigureRow:
    """`path`: where its first cell leads. `line`: the number of its line in the chart."""

    values: tuple[Value, ...]
    path: str = ""
    line: int = 0

    @property
    def swatch(self) -> SafeString | str:
        return swatch(self.line) if self.line else ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table with its heading and chart; `about` says what the figures are, `empty` why none."""

    key: str
    title: str
    columns: tuple[FigureColumn, ...]
    rows: Sequence[FigureRow]
    chart: SafeString | str = ""
    about: str = ""
    empty: str = ""
    further: tuple[tuple[str, str], ...] = field(default=())  # labels and paths

    @property
    def is_long(self) -> bool:
        return len(self.rows) > LONG and bool(self.chart)

    @property
    def cells(self) -> list[tuple[FigureRow, str, list[tuple[str, bool]]]]:
        """Each row with its first cell, and the others with whether they are numbers."""
        return [(row, *self._written(row)) for row in self.rows]

    def _written(self, row: FigureRow) -> tuple[str, list[tuple[str, bool]]]:
        first, *others = (
            written(value, column.unit, is_change=column.is_change)
            for value, column in zip(row.values, self.columns, strict=True)
        )
        return first, [
            (text, isinstance(value, int | float) or value is None)
            for text, value in zip(others, row.values[1:], strict=True)
        ]


def written(value: Value, unit: str = "", *, is_change: bool = False) -> str:
    """`12,300`, `8 %`, `+8 %`, `1 Nov 2026`; `–` for what nobody knows."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return day_name(value)
    if isinstance(value, str):
        return value
    number = f"{value:+,}".replace("-", "−") if is_change and value else f"{value:,}"
    return f"{number} {unit}" if unit else number


def as_csv(table: FigureTable, name: str) -> HttpResponse:
    """The file, with a mark by which spreadsheets recognise UTF-8."""
    file = StringIO("\ufeff")
    file.seek(0, 2)
    writer = csv.writer(file)
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_harmless(value) for value in row.values] for row in table.rows)
    return HttpResponse(
        file.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def as_json(tables: Sequence[FigureTable], **about: Any) -> JsonResponse:
    """Each table as a list of objects."""
    return JsonResponse(
        about
        | {
            table.key: [
                {column.key: value for column, value in zip(table.columns, row.values, strict=True)}
                for row in table.rows
            ]
            for table in tables
        }
    )


def _harmless(value: Value) -> Value:
    """Spreadsheets would run what a stranger sent as a formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def share(part: int, whole: int) -> float | None:
    """In percent, with a decimal below 10."""
    if not whole:
        return None
    percent = 100 * part / whole
    return round(percent, 1) if percent < 10 else round(percent)


def change(now: int, before: int) -> int | None:
    """By how many percent it is more; None if there was nothing before."""
    return round(100 * (now - before) / before) if before else None
