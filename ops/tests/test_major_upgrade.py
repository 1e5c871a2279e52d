"""An upgrade to PostgreSQL's next major version, as in docs/upgrade.md."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection

from deploy.local import packages
from deploy.local.binaries import Binaries, account_for, candidates, version_of
from deploy.local.major_version import way
from deploy.local.postgres import throwaway
from deploy.local.prepare import load_sample
from guests.models import Guest
from ops.backups.programs import program
from ops.database import Database, database_at
from ops.tests.installations import (
    assert_site_works,
    command,
    empty_database,
    every_file,
    every_row,
    url_of,
    using,
    write,
)
from ops.tests.sites import PASSWORD

pytestmark = [pytest.mark.production, pytest.mark.slow]


class Servers(NamedTuple):
    old: Database
    new: Database
    versions: tuple[int, int]


@pytest.fixture
def servers(
    django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Servers]:
    """Two major versions: the tests' own, and another one on this machine."""
    with ExitStack() as running:
        running.enter_context(django_db_blocker.unblock())
        ours = connection.pg_version // 10_000  # type: ignore[attr-defined]
        theirs = other_programs(ours)
        if theirs is None:
            pytest.skip(f"no other major version than {ours} here: apt-get install postgresql")
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{theirs.folder}")
        first = running.enter_context(empty_database("first"))
        second = database_at(running.enter_context(throwaway(theirs)))
        pair = sorted([(ours, first), (theirs.version, second)], key=lambda each: each[0])
        yield Servers(pair[0][1], pair[1][1], (pair[0][0], pair[1][0]))


def other_programs(than: int) -> Binaries | None:
    account = account_for(None)
    for folder in candidates(packages.venv_folder(), {}):
        version = version_of(folder, account) if (folder / "initdb").exists() else None
        if version not in (None, than):
            return Binaries(folder, version, account)
    return None


def test_every_row_and_file_moves_to_the_next_major_version(
    servers: Servers, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "destination").mkdir()
    settings.BACKUP_URL = f"file://{tmp_path}/destination"
    settings.BACKUP_PASSWORD, settings.BACKUP_CACHE = PASSWORD, tmp_path / "cache"
    write(Path(settings.MEDIA_ROOT) / "audio/1f/one.mp3", b"audio")
    with using(servers.old):
        call_command("migrate", verbosity=0)
        load_sample()
        assert "1 files" in command("backup")
        # First without a risk: can the new version restore it?
        assert "verified" in command("restore", check=True, on=url_of(servers.new))
    before = every_row(servers.old)
    assert sum(map(len, before.values())) > 3000

    settings.MEDIA_ROOT = tmp_path / "new"
    with using(servers.new):
        assert "Every row is as it was" in command("restore")
        assert every_row(servers.new) == before
        assert every_file(tmp_path / "new") == {"audio/1f/one.mp3": b"audio"}
        assert connection.pg_version // 10_000 == servers.versions[1]  # type: ignore[attr-defined]
        assert_site_works()
        # Afterwards: edits, and backups by the new version's pg_dump.
        Guest.objects.create(name="New", slug="new")
        assert "verified" in command("backup", check=True)
    # The way back: the old server was only read.
    assert every_row(servers.old) == before


def test_every_row_moves_back_by_the_commands_that_run_prints(
    servers: Servers, tmp_path: Path
) -> None:
    """`./run` prints them where its programs are older than its data."""
    with using(servers.new):
        call_command("migrate", verbosity=0)
        load_sample()
    before = every_row(servers.new)
    older, newer = servers.versions
    _, _, dump, sed, _, load = way("", "", tmp_path, tmp_path, "NAME", is_back=True)
    for line, major, database in (
        (f"{dump} -d NAME", newer, servers.new),
        (sed, None, servers.old),
        (load, older, servers.old),
    ):
        words = [database.dsn if word == "NAME" else word for word in shlex.split(line)]
        if major:
            words = words[words.index("exec") + 1 :]
            words[0] = str(program(words[0], major).path)
        env = os.environ | {"PGPASSWORD": database.password}
        ran = subprocess.run(
            words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
    assert every_row(servers.old) == before
