"""Every column of the database that can hold text, read from the database's own catalogue.

That includes tables without a model, such as those an older version left behind.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Field

from desk.erasing.policy import Policy, policy_of

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
DERIVED = {"plain": "text", "normalised": "name"}
JSON = ("jsonb", "json")
# A row can be skipped when it is ASCII, has no escapes and holds none of the hints.
CANDIDATES = """
SELECT {key}, {shown} FROM {table}
WHERE octet_length({name}::text) <> char_length({name}::text)
   OR {name}::text ~ '[%%&]|\\\\u' OR lower({name}::text) LIKE ANY (%s)
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of texts, JSON or lists of texts."""

    table: str
    key: str  # the primary key's column
    name: str
    type: str
    length: int | None  # in characters, where it is limited
    unique: bool

    @property
    def field(self) -> "Field[Any, Any] | None":
        model = models_by_table().get(self.table)
        fields = model._meta.concrete_fields if model else ()
        return next((field for field in fields if field.column == self.name), None)

    @property
    def label(self) -> str:
        """As the desk calls it: `episodes: introduction`."""
        if self.field is None:
            return f"{self.table}: {self.name}"
        # What derives from a field counts as that field.
        name = DERIVED.get(self.field.name, str(self.field.verbose_name).removesuffix(" html"))
        return f"{self.field.model._meta.verbose_name_plural}: {name}"

    @property
    def policy(self) -> Policy:
        return policy_of(self.field)

    def rows(self, hints: Sequence[str]) -> Iterator[tuple[Any, Any]]:
        """Key and value of each row that may hold one of the hints, in any spelling.

        `hints` are folded words (`Spellings.hints`). JSON is decoded.
        """
        with connection.cursor() as cursor:
            cursor.execute(self._sql(CANDIDATES), [[f"%{hint}%" for hint in hints]])
            while batch := cursor.fetchmany(BATCH):
                for key, value in batch:
                    if value:
                        yield key, json.loads(value) if self.type in JSON else value

    def write(self, key: Any, value: Any) -> None:
        """Store a value in a row, cut to the column's length."""
        if self.type in JSON:
            value = json.dumps(value)
        elif isinstance(value, str) and self.length:
            value = value[: self.length]
        with connection.cursor() as cursor:
            query = self._sql("UPDATE {table} SET {name} = %s WHERE {key} = %s")
            cursor.execute(query, [value, key])

    def has(self, value: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(self._sql("SELECT 1 FROM {table} WHERE {name} = %s"), [value])
            return cursor.fetchone() is not None

    def delete(self, key: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self._sql("DELETE FROM {table} WHERE {key} = %s"), [key])

    def _sql(self, template: str) -> str:
        table, key, name = map(connection.ops.quote_name, (self.table, self.key, self.name))
        shown = name if self.type == "ARRAY" else f"{name}::text"
        return template.format(table=table, key=key, name=name, shown=shown)


@cache
def models_by_table() -> dict[str, Any]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def text_columns() -> list[Column]:
    """All text columns of every table with a primary key."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return [Column(*row) for row in cursor.fetchall()]


def refresh_statistics(tables: Sequence[str]) -> None:
    """Have PostgreSQL sample these tables again: its statistics quote frequent values."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT desk_refresh_statistics(%s)", [list(tables)])


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """The value with `change` applied to each text in it: in lists, and in JSON with its keys."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_texts(each, change) for each in value]
    if isinstance(value, dict):
        return {change(name): map_texts(each, change) for name, each in value.items()}
    return value


def texts_in(value: Any) -> Iterator[str]:
    """Each text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from texts_in(each)
