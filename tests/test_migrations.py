"""Models and schema never drift apart."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.mark.django_db
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=3)
    except SystemExit:
        pytest.fail(f"Models have changed without a migration:\n{capsys.readouterr().out}")


@pytest.mark.django_db
def test_one_line_of_migrations_in_each_app():
    assert MigrationExecutor(connection).loader.detect_conflicts() == {}


def test_every_content_table_raises_the_content_version(db):
    """A table without the triggers would leave visitors with stale pages."""
    # A card's address is a hash of what it shows, which is watched itself; its row comes when the
    # card is first asked for, and a visitor's question must outdate no page.
    silent = {
        "clockreading", "contentversion", "versionbump", "revision", "importbase", "discardedfile",
        "socialcard", "cuecorrection", "transcriptversion",
    }  # fmt: skip
    ours = ("stack", "guests", "show", "episodes", "topics", "notes")
    tables = {
        model._meta.db_table
        for app in ours
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.model_name not in silent
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_object_table, count(*) FROM information_schema.triggers "
            "WHERE trigger_name LIKE '%%_version' GROUP BY 1"
        )
        watched = dict(cursor.fetchall())
    assert {table for table in tables if watched.get(table) != 3} == set()
