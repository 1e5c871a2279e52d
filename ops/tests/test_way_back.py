"""The former release runs on the new schema: migrations only add, as docs/upgrade.md promises."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

# Earlier migrations were free to change anything: no installation had data.
FIRST_RELEASE = {
    "desk": 3, "episodes": 7, "feeds": 1, "guests": 2, "notes": 2, "ops": 2, "search": 6,
    "show": 6, "stack": 2, "topics": 4,
}  # fmt: skip
# By app and name: what the release notes say about the way back.
BREAKING: dict[tuple[str, str], str] = {}
TAKING_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def without_way_back(since: dict[str, int]) -> Iterator[str]:
    """What later migrations do that breaks the former code."""
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if app in since and int(name[:4]) > since[app] and (app, name) not in BREAKING:
            for operation in migration.operations:
                yield from (f"{app}.{name}: {what}" for what in harm(operation))


def harm(operation: Any) -> Iterator[str]:
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from harm(inner)
    elif isinstance(operation, TAKING_AWAY):
        yield operation.describe()
    elif isinstance(operation, migrations.AddField):
        field = operation.field
        # The former code doesn't name the column, and Django keeps no other default in the table.
        if not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED):
            yield f"{operation.describe()} without null or db_default"


def test_migrations_since_the_first_release_only_add() -> None:
    assert list(without_way_back(FIRST_RELEASE)) == []


def test_breaking_operations_are_found() -> None:
    found = "\n".join(without_way_back({"desk": 2}))
    assert "desk.0003_link_places: Add field places to link without null or db_default" in found
    assert "desk.0003_link_places: Remove field" in found
