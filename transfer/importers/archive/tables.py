"""Imports `_config.yml`, `_data`, `tags` and `pages` of an export."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from guests.models import Guest
from show.models import Show, validate_categories, validate_timezone
from transfer.export.tables import CONFIG, DATA, FORMAT_KEY, ExportTable
from transfer.importers.archive.records import Record, read_list, read_markdown
from transfer.importers.archive.rows import decoded, row_of, save_listed, texts
from transfer.importers.checkout import is_file, markdown_files, read_each, reporting_unreadable
from transfer.importers.columns import write_row
from transfer.importers.report import InvalidInput, Report, outcome_of, replaced_values

# Keys for Jekyll itself; they have no meaning here.
JEKYLL_KEYS = {"layout", "permalink", "exclude", FORMAT_KEY}
CHECKED = {"timezone": validate_timezone, "categories": validate_categories}
# What one record can raise; it alone is left out.
RECORD_ERRORS = (InvalidInput, IntegrityError, DataError, OverflowError)


def import_table(table: ExportTable, root: Path, renamed: dict[str, str], report: Report) -> None:
    """Import the rows of one table; rows that the export doesn't have stay as they are."""
    done: set[Any] = set()
    for record in _records(table, root, report):
        try:
            with transaction.atomic():
                _import_row(table, record, renamed, done, report)
        except RECORD_ERRORS as reason:
            record.refuse(reason, report)


def _records(table: ExportTable, root: Path, report: Report) -> Iterator[Record]:
    name = f"{DATA}/{table.name}.yml"
    if not table.body:
        if is_file(root / name, root):
            with reporting_unreadable(name, report):
                yield from read_list(root / name, name)
        return
    columns = {native: column for column, native in table.native.items()}
    for record in read_each(markdown_files(root, table.name, report), read_markdown, report):
        values = {columns.get(key, key): value for key, value in record.values.items()}
        yield Record(record.file, {**values, table.body: record.body}, record.source)


def _import_row(
    table: ExportTable, record: Record, renamed: dict[str, str], done: set[Any], report: Report
) -> None:
    listed = table.listed
    other_keys = JEKYLL_KEYS | ({listed.name} if listed else set())
    values = decoded(table.model, record.values, other_keys, renamed)
    rows = table.model._base_manager.filter(**{name: values[name] for name in table.key})
    row = rows.exclude(pk__in=done).order_by("pk").first() or table.model()
    outcome, old = write_row(row, values)
    if listed:
        is_new = outcome == "new"
        added = save_listed(row, listed, texts(record.values, listed.name), is_new)
        outcome = outcome_of(is_new, old or added)
    done.add(row.pk)
    what = " ".join(str(values[name])[:80] for name in table.key)
    report.outcome(f"{record.file}: {what}", outcome, replaced_values(old))


def import_show(record: Record, renamed: dict[str, str], report: Report) -> None:
    """Import the show's row. Its host is a guest, who must exist by now."""
    stated = {"website": record.values.get("url", ""), **record.values}
    try:
        with transaction.atomic():
            values = decoded(Show, stated, JEKYLL_KEYS | {"url", "host"}, renamed)
            for name, validate in CHECKED.items():
                try:
                    validate(values[name])
                except ValidationError as failure:
                    message, value = failure.messages[0], values[name]
                    raise InvalidInput(message, field=name, value=value) from failure
            if slug := record.values.get("host"):
                values["host"] = row_of(Guest, slug, "host")
            show = Show.objects.select_related("host").first() or Show()
            outcome, old = write_row(show, values)
    except RECORD_ERRORS as reason:
        record.refuse(reason, report)
        return
    report.outcome(CONFIG, outcome, replaced_values(old))
