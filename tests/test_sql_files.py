"""The functions and triggers in the database are those in the packages' sql/ folders."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from show.migration_operations import InstallSQL, sql_file, sql_hash

OURS = """
pronamespace = 'public'::regnamespace AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid
    AND deptype = 'e')
"""
FUNCTIONS = f"""
SELECT oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc WHERE {OURS}
"""
TRIGGERS = """
SELECT format('%s on %s', tgname, tgrelid::regclass), pg_get_triggerdef(oid) FROM pg_trigger
WHERE NOT tgisinternal
"""
DROP_FUNCTIONS = f"""
DO $$ BEGIN
    EXECUTE (SELECT format('DROP FUNCTION %s CASCADE', string_agg(oid::regprocedure::text, ', '))
             FROM pg_proc WHERE {OURS});
END $$
"""
FORMER_CALLS = {
    "SELECT search_plain('C# & .NET')": "SELECT search_normalize('C# & .NET')",
    "SELECT search_near('redis')": "SELECT search_deletes('redis')",
}


def installed() -> Iterator[InstallSQL]:
    """What migrations install, in the order in which they run."""
    loader = MigrationLoader(None)
    done = set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            if key not in done:
                done.add(key)
                operations = loader.graph.nodes[key].operations
                yield from (each for each in operations if isinstance(each, InstallSQL))


def recorded_hashes() -> dict[tuple[str, str], str]:
    """What the last migration that installs a file says of it; a file may be gone since."""
    return {
        (install.package, name): recorded
        for install in installed()
        for name, recorded in install.files.items()
        if sql_file(install.package, name).exists()
    }


def definitions(query: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def value(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (found,) = cursor.fetchone()
    return found


def test_a_migration_installs_each_file_as_it_stands() -> None:
    present = {
        (path.parent.parent.name, path.name): sql_hash(path)
        for path in settings.BASE_DIR.glob("*/sql/*.sql")
    }
    recorded = recorded_hashes()
    changed = [
        f'add a migration of {package}: InstallSQL("{package}", {{"{name}": "{present[key]}"}})'
        for key in sorted(present)
        if recorded.get(key) != present[key]
        for package, name in [key]
    ]
    assert changed == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", [FUNCTIONS, TRIGGERS], ids=["functions", "triggers"])
def test_the_database_has_what_the_files_define(query: str) -> None:
    in_database = definitions(query)
    with connection.cursor() as cursor:
        cursor.execute(DROP_FUNCTIONS)
    assert definitions(query) == {}
    with connection.schema_editor() as editor:
        for package, name in recorded_hashes():
            InstallSQL(package, {name: ""}).database_forwards(package, editor, None, None)
    in_files = definitions(query)
    assert sorted(in_database.keys() - in_files.keys()) == [], "no file defines them"
    assert sorted(in_files.keys() - in_database.keys()) == [], "no migration installs them"
    differing = [key for key in in_files if in_database[key] != in_files[key]]
    assert differing == [], "a migration must install them again"


@pytest.mark.django_db
def test_every_file_can_be_run_again() -> None:
    before = definitions(FUNCTIONS) | definitions(TRIGGERS)
    with connection.cursor() as cursor:
        for package, name in recorded_hashes():
            cursor.execute(sql_file(package, name).read_text())
    assert definitions(FUNCTIONS) | definitions(TRIGGERS) == before


@pytest.mark.django_db
@pytest.mark.parametrize("former", FORMER_CALLS)
def test_former_names_answer_as_the_present_ones(former: str) -> None:
    found = value(former)
    assert found
    assert found == value(FORMER_CALLS[former])


@pytest.mark.django_db
def test_former_queries_use_the_same_indexes() -> None:
    """An index on search_normalize() serves a query that calls search_plain()."""
    query = """
    SELECT id FROM episodes_episode
    WHERE to_tsvector('search_words', search_plain(title)) @@ to_tsquery('search_words', 'x')
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "search_episode_title" in plan
