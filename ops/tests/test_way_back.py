"""The former release runs on the new schema: migrations only add, as docs/upgrade.md promises."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

# By app and name: what the release notes say about the way back.
BREAKING: dict[tuple[str, str], str] = {}
TAKING_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


class LinkPlaces(migrations.Migration):
    """As the last one that took something away: no installation had data then."""

    operations = [
        migrations.RemoveField("linksurvey", "version"),
        migrations.AddField(
            "linksurvey", "made_at", models.DateTimeField(default=None), preserve_default=False
        ),
        migrations.AddField("link", "places", models.JSONField(default=list)),
    ]


def since_the_first_release() -> Iterator[migrations.Migration]:
    """The project's own migrations after those that create the schema of version 1."""
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        is_ours = (settings.BASE_DIR / app).is_dir()
        if is_ours and not migration.replaces and (app, name) not in BREAKING:
            yield migration


def without_way_back(found: Iterable[migrations.Migration]) -> Iterator[str]:
    """What these migrations do that breaks the former code."""
    for migration in found:
        for operation in migration.operations:
            yield from (f"{migration}: {what}" for what in harm(operation))


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
    assert list(without_way_back(since_the_first_release())) == []


def test_every_app_is_looked_at() -> None:
    apps = {migration.app_label for migration in since_the_first_release()}
    assert {"desk", "episodes", "search", "show", "topics"} <= apps


def test_breaking_operations_are_found() -> None:
    found = "\n".join(without_way_back([LinkPlaces("0003_link_places", "desk")]))
    assert "desk.0003_link_places: Add field places to link without null or db_default" in found
    assert "desk.0003_link_places: Remove field" in found
