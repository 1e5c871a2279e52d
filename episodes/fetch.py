"""Fetches an episode with its relations as JSON: one query, written once a process.

Django takes longer to write its seven than PostgreSQL to answer them.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import DateTimeField, ForeignKey, Model, OneToOneRel
from django.utils import timezone

from episodes.models import Episode

# Relations of an episode, and the foreign key to read along with their rows.
RELATIONS = {
    "enclosure": "", "sponsor": "", "transcript": "", "appearances": "guest", "uses": "technology",
    "topics": "", "references": "", "library_uses": "library",
}  # fmt: skip
Values = list[Any]


def fetch_episode(where: str, **values: Any) -> Any:
    """The episode with these unique values and its RELATIONS. `where`: NOT_DELETED, PUBLISHED …"""
    with connection.cursor() as cursor:
        cursor.execute(_statement(where, *values), values | {"now": timezone.now()})
        found = cursor.fetchone()
    if found is None:
        return None
    own, *parts = json.loads(found[0])
    episode = Columns.of(Episode).row(own)
    for relation, rows in zip(relations(), parts, strict=True):
        relation.fill(episode, rows or [])
    return episode


@cache
def _statement(where: str, *columns: str) -> str:
    parts = [Columns.of(Episode).array("episode"), *(each.subquery() for each in relations())]
    asked = "".join(f" AND {column} = %({column})s" for column in columns)
    return (
        f"SELECT json_build_array({', '.join(parts)})::text"  # noqa: S608
        f" FROM episodes_episode AS episode WHERE {where}{asked}"
    )


@cache
def relations() -> tuple["Relation", ...]:
    return tuple(Relation.of(name, joined) for name, joined in RELATIONS.items())


@dataclass(frozen=True, slots=True)
class Columns:
    """A model's columns as a JSON array, and back."""

    model: type[Model]
    names: tuple[str, ...]
    times: tuple[tuple[int, DateTimeField], ...]  # JSON has only text for these

    @classmethod
    @cache
    def of(cls, model: type[Model]) -> "Columns":
        fields = model._meta.concrete_fields
        times = [(at, each) for at, each in enumerate(fields) if isinstance(each, DateTimeField)]
        return cls(model, tuple(each.attname for each in fields), tuple(times))

    def array(self, alias: str) -> str:
        columns = [f'{alias}."{each.column}"' for each in self.model._meta.concrete_fields]
        return f"json_build_array({', '.join(columns)})"

    def row(self, values: Values) -> Model:
        for at, field in self.times:
            values[at] = field.to_python(values[at])
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)


@dataclass(frozen=True, slots=True)
class Relation:
    """Ordered rows of an episode, each with the row its foreign key names."""

    name: str
    is_one: bool
    own: Columns
    episode: ForeignKey
    key: ForeignKey | None
    joined: Columns | None

    @classmethod
    def of(cls, name: str, joined: str) -> "Relation":
        relation: Any = Episode._meta.get_field(name)
        model = relation.related_model
        key: Any = model._meta.get_field(joined) if joined else None
        others = Columns.of(key.related_model) if key else None
        is_one = isinstance(relation, OneToOneRel)
        return cls(name, is_one, Columns.of(model), relation.field, key, others)

    def subquery(self) -> str:
        """All rows of an `episode` as one JSON array; null without any."""
        model = self.own.model
        order = ", ".join(f'own."{name}"' for name in model._meta.ordering or ())
        values, table = self.own.array("own"), f'"{model._meta.db_table}" AS own'
        if self.key and self.joined:
            values = f"json_build_array({values}, {self.joined.array('joined')})"
            others = self.joined.model._meta
            table += f' JOIN "{others.db_table}" AS joined ON joined.id = own."{self.key.column}"'
        sorted_by = f" ORDER BY {order}" if order else ""
        where = f"own.{self.episode.column} = episode.id"
        return f"(SELECT json_agg({values}{sorted_by}) FROM {table} WHERE {where})"  # noqa: S608

    def fill(self, episode: Model, found: list[Values]) -> None:
        """Attach these rows to the episode, as if Django had fetched them."""
        rows = [self._row(values) for values in found]
        for row in rows:
            self.episode.set_cached_value(row, episode)
        if self.is_one:
            relation: Any = Episode._meta.get_field(self.name)
            relation.set_cached_value(episode, rows[0] if rows else None)
        else:
            set_prefetched(episode, self.name, rows)

    def _row(self, values: Values) -> Model:
        if self.key is None or self.joined is None:
            return self.own.row(values)
        own, other = values
        row = self.own.row(own)
        self.key.set_cached_value(row, self.joined.row(other))
        return row


def set_prefetched(row: Model, name: str, related: list[Any]) -> None:
    """Make `row.<name>.all()` these rows, as `prefetch_related_objects` would: no public API."""
    queryset = getattr(row, name).all()
    queryset._result_cache, queryset._prefetch_done = related, True
    prefetched: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    prefetched[name] = queryset
