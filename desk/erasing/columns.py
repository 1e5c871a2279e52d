"""Every column of the database that can hold a text, asked of the database itself.

So a table that is added later is looked through without a word here.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import FileField

BATCH = 2000  # rows read at a time
COLUMNS = """
SELECT c.table_name, k.column_name, c.column_name, c.data_type, c.character_maximum_length,
       EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a
               ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
               WHERE i.indisunique AND i.indrelid = format('%I', c.table_name)::regclass
               AND a.attname = c.column_name)
FROM information_schema.columns AS c
JOIN information_schema.table_constraints AS t
  ON t.table_schema = c.table_schema AND t.table_name = c.table_name
  AND t.constraint_type = 'PRIMARY KEY'
JOIN information_schema.key_column_usage AS k
  ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name
WHERE c.table_schema = current_schema() AND (
    c.data_type IN ('text', 'character varying', 'jsonb', 'json', 'tsvector')
    OR c.udt_name IN ('_text', '_varchar', 'citext'))
ORDER BY 1, 3
"""
JSON = ("jsonb", "json")
# What can't hold a name isn't read: ASCII without escapes and without the hints.
MAY_HOLD = (
    " WHERE octet_length({text}) <> char_length({text}) OR {text} ~ '[%%&]|\\\\u' "
    "OR lower({text}) LIKE ANY (%s)"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of texts, JSON or lists of texts."""

    table: str
    key: str  # the column by which the table's rows are told apart
    name: str
    type: str
    length: int | None  # characters it can hold
    unique: bool

    @property
    def label(self) -> str:
        """As the desk calls it: `episodes: introduction`."""
        model = models_by_table().get(self.table)
        if model is None:
            return f"{self.table}: {self.name}"
        fields = {field.column: str(field.verbose_name) for field in model._meta.concrete_fields}
        return f"{model._meta.verbose_name_plural}: {fields.get(self.name, self.name)}"

    @property
    def is_file(self) -> bool:
        """Whether it names a file in the storage, which then has to be renamed, too."""
        model = models_by_table().get(self.table)
        fields = model._meta.concrete_fields if model else ()
        return any(field.column == self.name and isinstance(field, FileField) for field in fields)

    def rows(self, hints: Sequence[str]) -> Iterator[tuple[Any, Any]]:
        """Key and value of each row that may hold one of the hints, in any spelling.

        `hints` are folded words (`Spellings.hints`). JSON comes as what it stands for.
        """
        quote = connection.ops.quote_name
        text = f"{quote(self.name)}::text"
        shown = quote(self.name) if self.type == "ARRAY" else text
        query = f"SELECT {quote(self.key)}, {shown} FROM {quote(self.table)}"  # noqa: S608
        query += MAY_HOLD.format(text=text) + " ORDER BY 1"
        with connection.cursor() as cursor:
            cursor.execute(query, [[f"%{hint}%" for hint in hints]])
            while batch := cursor.fetchmany(BATCH):
                for key, value in batch:
                    if value:
                        yield key, json.loads(value) if self.type in JSON else value

    def write(self, key: Any, value: Any) -> None:
        """Store another value in a row, cut to what the column can hold."""
        quote = connection.ops.quote_name
        if self.type in JSON:
            value = json.dumps(value)
        elif isinstance(value, str) and self.length:
            value = value[: self.length]
        query = (
            f"UPDATE {quote(self.table)} SET {quote(self.name)} = %s "  # noqa: S608
            f"WHERE {quote(self.key)} = %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, [value, key])

    def has(self, value: str) -> bool:
        quote = connection.ops.quote_name
        query = f"SELECT 1 FROM {quote(self.table)} WHERE {quote(self.name)} = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(query, [value])
            return cursor.fetchone() is not None

    def delete(self, key: Any) -> None:
        quote = connection.ops.quote_name
        query = f"DELETE FROM {quote(self.table)} WHERE {quote(self.key)} = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(query, [key])


@cache
def models_by_table() -> dict[str, Any]:
    """Of every app."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def text_columns() -> list[Column]:
    """All of them, of all tables with a key."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return [Column(*row) for row in cursor.fetchall()]


def forget_statistics(tables: Sequence[str]) -> None:
    """Have the planner's samples of these tables taken anew: they quote frequent values."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The value with each text in it changed: lists, and JSON with its keys, too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [mapped(each, change) for each in value]
    if isinstance(value, dict):
        return {change(name): mapped(each, change) for name, each in value.items()}
    return value


def texts_of(value: Any) -> Iterator[str]:
    """Each text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from texts_of(each)
