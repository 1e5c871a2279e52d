"""The tests' own clusters: made once, one for each run at the same time, anew when they must be."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.db.migrations.loader import MigrationLoader

from deploy.local.installation import programs
from deploy.local.processes import Lock
from deploy.local.tests.clones import wait_for
from tests.runner import template
from tests.runner.template import TEMPLATE, fingerprint, schema_sources, server_for_tests

ADDED = "CREATE TABLE migrated_once ()"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "requirements.txt": "django==5.2\n",
        "show/migrations/0001_initial.py": "from django.db import migrations\n"
        "import show.rules\nfrom show import words\nfrom media.stores import Store, other\n",
        "show/rules.py": "",
        "show/words/__init__.py": "",
        "media/stores.py": "",
        "search/sql/near.sql": "",
        "search/engine.py": "from show import unseen\n",
        "show/unseen.py": "",
        ".venv/other/migrations/0001_initial.py": "",
        "var/sql/dump.sql": "",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


def test_what_the_schema_is_made_from(project: Path) -> None:
    assert [path.relative_to(project).as_posix() for path in schema_sources(project)] == [
        "media/stores.py",
        "search/sql/near.sql",
        "show/migrations/0001_initial.py",
        "show/rules.py",
        "show/words/__init__.py",
    ]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("requirements.txt", True),
        ("show/migrations/0001_initial.py", True),
        ("show/migrations/0002_more.py", True),
        ("show/rules.py", True),
        ("search/sql/near.sql", True),
        ("search/engine.py", False),
        (".venv/other/migrations/0001_initial.py", False),
    ],
)
def test_fingerprint_changes_with_the_schema_alone(project: Path, name: str, counts: bool) -> None:
    before = fingerprint(project, 18)
    with (project / name).open("a") as file:
        file.write("# changed\n")
    assert (fingerprint(project, 18) != before) is counts


def test_fingerprint_changes_with_postgresql_and_the_boot(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(project, 18)
    assert fingerprint(project, 18) == before
    assert fingerprint(project, 17) != before
    boot = project / "boot"
    boot.write_text("another")
    monkeypatch.setattr(template, "BOOT", boot)
    assert fingerprint(project, 18) != before


@pytest.fixture
def clusters() -> Iterator[Path]:
    # Not pytest's tmp_path: below that, PostgreSQL's user can't reach anything.
    folder = Path(tempfile.mkdtemp(prefix="clusters-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def migrations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The databases that were migrated, by a stand-in that takes no time."""
    urls: list[str] = []

    def migrate(url: str) -> None:
        urls.append(url)
        ask(url, ADDED)

    monkeypatch.setattr(template, "migrate", migrate)
    return urls


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def copied_tables(url: str) -> list[tuple[object, ...]]:
    """The tables of a database copied from the template."""
    ask(url, "DROP DATABASE IF EXISTS test_copy")
    ask(url, f"CREATE DATABASE test_copy TEMPLATE {TEMPLATE}")
    return ask(url.replace("/catalogue", "/test_copy"), "SELECT relname FROM pg_stat_user_tables")


@pytest.mark.slow
def test_next_run_copies_what_the_first_migrated(clusters: Path, migrations: list[str]) -> None:
    for _ in range(2):
        with server_for_tests(programs(os.environ), clusters) as url:
            assert copied_tables(url) == [("migrated_once",)]
    assert len(migrations) == 1
    assert [path.name for path in clusters.iterdir()] == ["1"]


@pytest.mark.slow
def test_runs_at_the_same_time_share_nothing(clusters: Path, migrations: list[str]) -> None:
    binaries = programs(os.environ)
    with server_for_tests(binaries, clusters) as first:
        with server_for_tests(binaries, clusters) as second:
            copied_tables(first)
            assert ask(second, "SELECT 1 FROM pg_database WHERE datname = 'test_copy'") == []
        assert ask(first, "SELECT 1") == [(1,)]
    assert len(migrations) == 2


@pytest.mark.slow
def test_other_migrations_make_it_anew(
    clusters: Path, migrations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for made_from in ("one", "another"):
        monkeypatch.setattr(template, "fingerprint", lambda *_, made_from=made_from: made_from)
        with server_for_tests(programs(os.environ), clusters) as url:
            assert copied_tables(url) == [("migrated_once",)]
    assert len(migrations) == 2


@pytest.mark.slow
def test_failed_migrations_are_run_again(clusters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str) -> None:
        ask(url, ADDED)
        raise SystemExit("The migrations failed")

    monkeypatch.setattr(template, "migrate", fail)
    for _ in range(2):  # into an empty database, or the table were there already
        with (
            pytest.raises(SystemExit, match="The migrations failed"),
            server_for_tests(programs(os.environ), clusters),
        ):
            pytest.fail("there is no template")


def test_clusters_of_gone_clones_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name, clone in {"here": tmp_path, "gone": tmp_path / "nowhere"}.items():
        for folder in ("data", "tests/1/data"):
            (tmp_path / name / folder).mkdir(parents=True)
        (tmp_path / name / "clone").write_text(f"{clone}\n")

    template.remove_clusters_of_gone_clones(tmp_path)

    assert (tmp_path / "here/tests/1/data").exists()
    assert (tmp_path / "gone/data").exists(), "a catalogue may be in it"
    assert not (tmp_path / "gone/tests").exists()


RUN = """
import os, sys, time
from pathlib import Path
from deploy.local.installation import programs
from tests.runner import template
template.migrate = lambda url: None
with template.server_for_tests(programs(os.environ), Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs a child that dies with its parent")
def test_killed_run_leaves_no_server_and_none_of_its_databases(
    clusters: Path, migrations: list[str]
) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(clusters)], cwd=template.ROOT, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert run.stdout
    copied_tables(run.stdout.readline().strip())
    run.send_signal(signal.SIGKILL)
    run.communicate()
    wait_for(Lock(clusters / "1/pg.lock").is_free)

    with server_for_tests(programs(os.environ), clusters) as url:
        assert ask(url, "SELECT 1 FROM pg_database WHERE datname = 'test_copy'") == []
        assert copied_tables(url) == [("migrated_once",)]
    assert [path.name for path in clusters.iterdir()] == ["1"]


@pytest.mark.slow
def test_the_template_has_all_migrations(clusters: Path) -> None:
    with server_for_tests(programs(os.environ), clusters) as url:
        recorded = ask(
            url.replace("/catalogue", f"/{TEMPLATE}"),
            "SELECT name FROM django_migrations WHERE app = 'episodes' ORDER BY name",
        )
    migrations = MigrationLoader(None).disk_migrations
    own = {key: each for key, each in migrations.items() if key[0] == "episodes"}
    names = {name for each in (own, *(each.replaces for each in own.values())) for _, name in each}
    assert recorded == [(name,) for name in sorted(names)]
