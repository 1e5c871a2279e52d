"""`_config.yml`, `_data`, `tags` and `pages` of an export into their tables."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from guests.models import Guest
from show.models import Show, validate_categories, validate_timezone
from transfer.export.columns import BadValue
from transfer.export.tables import CONFIG, DATA, FORMAT_KEY, Table
from transfer.importers.archive.records import Record, read_markdown, read_records
from transfer.importers.archive.rows import (
    Files,
    decoded,
    differing,
    save,
    save_listed,
    texts,
    told,
)
from transfer.importers.checkout import is_file, markdown_files
from transfer.importers.jekyll.front_matter import UnreadableFile
from transfer.importers.report import Report

# Jekyll's own, of no meaning here.
JEKYLLS = {"layout", "permalink", "exclude", FORMAT_KEY}
Refused = (BadValue, IntegrityError, DataError, OverflowError)


def import_table(table: Table, root: Path, files: Files, report: Report) -> None:
    """Every row that the export has of one table; another row stays as it is."""
    taken: set[Any] = set()
    for record in _records(table, root, report):
        try:
            with transaction.atomic():
                _import_row(table, record, files, taken, report)
        except Refused as refused:
            refuse(record, refused, report)


def _records(table: Table, root: Path, report: Report) -> Iterator[Record]:
    name = f"{DATA}/{table.name}.yml"
    try:
        if not table.body and is_file(root / name, root):
            yield from read_records(root / name, name)
    except UnreadableFile as failure:
        refuse_file(name, failure, report)
    if not table.body:
        return
    for path in markdown_files(root, table.name, report):
        name = path.relative_to(root).as_posix()
        try:
            record = read_markdown(path, name)
        except UnreadableFile as failure:
            refuse_file(name, failure, report)
            continue
        values = {column: record.values.get(key) for column, key in table.native.items()}
        rest = {k: v for k, v in record.values.items() if k not in table.native.values()}
        stated = {k: v for k, v in values.items() if v is not None}
        body = {table.body: record.body}
        yield Record(name, rest | stated | body, record.source)


def _import_row(
    table: Table, record: Record, files: Files, taken: set[Any], report: Report
) -> None:
    known = JEKYLLS | ({table.listed.name} if table.listed else set())
    values = decoded(table.model, record.values, files, known)
    rows = table.model._base_manager.filter(**{name: values[name] for name in table.key})
    row = rows.exclude(pk__in=taken).order_by("pk").first()
    old = differing(row, values) if row else {}
    outcome = "changed" if old else "unchanged" if row else "new"
    row = row or table.model()
    if outcome != "unchanged":
        save(row, values)
    if table.listed:
        stated = texts(record.values, table.listed.name)
        added = save_listed(row, table.listed, stated, is_new=outcome == "new")
        outcome = "changed" if added and outcome == "unchanged" else outcome
    taken.add(row.pk)
    what = " ".join(str(values[name])[:80] for name in table.key)
    report.outcome(f"{record.file}: {what}", outcome, told(old))


def import_show(record: Record, files: Files, report: Report) -> None:
    """The show's own row. Its host is a guest who must be there by now."""
    stated = {"website": record.values.get("url", ""), **record.values}
    try:
        with transaction.atomic():
            values = decoded(Show, stated, files, JEKYLLS | {"url", "host"})
            _validate("timezone", validate_timezone, values)
            _validate("categories", validate_categories, values)
            if slug := record.values.get("host"):
                values["host"] = guest_of(slug, "host")
            show = Show.objects.select_related("host").first()
            old = differing(show, values) if show else {}
            if show is None or old:
                save(show or Show(), values)
    except Refused as refused:
        refuse(record, refused, report)
        return
    report.outcome(CONFIG, "changed" if old else "unchanged" if show else "new", told(old))


def _validate(name: str, validate: Callable[[Any], None], values: dict[str, Any]) -> None:
    try:
        validate(values[name])
    except ValidationError as failure:
        raise BadValue(name, str(values[name])[:80], failure.messages[0]) from failure


def guest_of(slug: Any, column: str) -> Guest:
    """The guest at this address. Raises BadValue."""
    guest = Guest.objects.filter(slug=slug).first() if isinstance(slug, str) else None
    if guest is None:
        raise BadValue(column, str(slug)[:80], "No guest of this address is in _data/guests.yml.")
    return guest


def refuse(record: Record, refused: Exception, report: Report) -> None:
    """Say why this record isn't written."""
    if isinstance(refused, BadValue):
        report.problem(record.error(refused.message, refused.column, refused.value))
    else:
        message = str(refused).replace("\n", " ").strip()
        what = next((str(value) for value in record.values.values()), "")
        report.problem(record.error(message, "row", what))
    report.outcome(record.file, "failed")


def refuse_file(name: str, failure: UnreadableFile, report: Report) -> None:
    report.problem(failure.problem)
    report.outcome(name, "failed")
