"""The site with rights to rows only, and the invalidator with less."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg2.errors import InsufficientPrivilege

from caching.nginx.presence import PREFIX
from caching.tests.factories import invalidator_of
from deploy.environment_file import read
from desk.tests.forms import form_data
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit
from ops.backups.postgres import major_version, scratch_database
from ops.backups.programs import program
from ops.database import Database, database_at, default_database
from ops.database_roles import grant_rights
from ops.doctor import database as doctor
from ops.health import check_migrations
from ops.tests.conftest import skip_without_programs
from ops.tests.installations import assert_site_works, command, run, using
from ops.tests.sites import PASSWORD, copy_database, refusal
from search.models import SynonymGroup
from tests.production import MACHINE, REQUIRED, ROOT, eventually

PASSWORDS = {"site": "of-the-site", "invalidator": "of-the-invalidator"}
STRUCTURE = [
    "CREATE TABLE more (id int)",
    "CREATE TEMPORARY TABLE more (id int)",
    "CREATE SCHEMA more",
    "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE more",
    "CREATE DATABASE more",
    "DROP TABLE episodes_episode CASCADE",
    "TRUNCATE episodes_episode CASCADE",
    "ALTER TABLE episodes_episode ADD more int",
    "ALTER TABLE episodes_episode DISABLE TRIGGER ALL",
    "DROP FUNCTION search_refresh",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
]


class Roles(NamedTuple):
    """One database as its three roles see it, and its server as the superuser does."""

    server: Database
    owner: Database
    site: Database
    invalidator: Database


def of_role(database: Database, role: str, password: str = "") -> Database:
    return replace(database, parameters={**database.parameters, "user": role, "password": password})


def statement(database: Database, text: str) -> list[tuple[Any, ...]]:
    with closing(database.connect()) as opened, opened.cursor() as cursor:
        opened.autocommit = True
        cursor.execute(text)
        return cursor.fetchall() if cursor.description else []


def create_roles(server: Database, owner: str) -> None:
    """As deploy/systemd/database-roles and deploy/roles.sh do. It can be repeated."""
    with closing(server.connect()) as opened:
        psql = program("psql", major_version(opened))
    variables = {f"POSTGRES_{role.upper()}_PASSWORD": word for role, word in PASSWORDS.items()}
    subprocess.run(
        [psql.path, "--quiet", "--no-psqlrc", f"--dbname={server.dsn}"],
        stdin=(ROOT / "deploy/roles.sql").open(), check=True,
        env=MACHINE | variables | {"OWNER": owner, "PGPASSWORD": server.password},
    )  # fmt: skip


@pytest.fixture(scope="module")
def roles(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Roles]:
    """A migrated database, whose owner is no superuser; Django is connected as the site."""
    server = default_database()
    skip_without_programs(server)
    owner, name = f"{server.name}_owner", f"{server.name}_roles"
    run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    for role in (owner, f"{owner}_site", f"{owner}_invalidator"):
        run(server, "DROP ROLE IF EXISTS {}", role)
    statement(server, f"CREATE ROLE \"{owner}\" LOGIN CREATEDB PASSWORD 'of-the-owner'")
    statement(server, f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE template0')
    for _ in range(2):
        create_roles(server, owner)
    own = of_role(server.named(name), owner, "of-the-owner")
    lesser = (of_role(own, f"{owner}_{role}", word) for role, word in PASSWORDS.items())
    found = Roles(server, own, *lesser)
    copy_database(server, own, tmp_path_factory.mktemp("schema") / "dump")
    with django_db_blocker.unblock():
        with using(found.owner):
            call_command("migrate", verbosity=0)
        with using(found.site):
            factories.show()
            row = factories.episode(
                technologies=["Django"], topics=[(60, "Redis queues")], guests=["José Núñez"],
                introduction="About airships.",
            )  # fmt: skip
            finish_edit(row, None, source="test")
            User.objects.create_superuser("nick", "nick@example.org", "password")
            yield found
    run(server, "DROP DATABASE {} WITH (FORCE)", name)
    for role in (f"{owner}_site", f"{owner}_invalidator", owner):
        run(server, "DROP ROLE {}", role)


@pytest.fixture
def host(roles: Roles) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="nick"))
    return client


def test_the_site_works_with_rows_only(roles: Roles, host: Client) -> None:
    assert statement(roles.site, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [
        (False,)
    ]
    check_migrations.cache_clear()
    assert_site_works()
    episode = Episode.objects.get()
    address = reverse("admin:episodes_episode_change", args=[episode.pk])
    data = form_data(host.get(address))
    answer = host.post(address, data | {"title": "A Zeppelin over Lakehurst"})
    assert answer.status_code == 302, answer.content.decode()
    found = Client(SERVER_NAME="localhost").get("/search?q=zepelin").content.decode()
    assert episode.slug in found
    SynonymGroup.objects.create(words="airship, zeppelin")
    command("tick")
    command("rerender")
    assert command("migrate").endswith("No migrations to apply.\n")


def test_a_name_is_erased_with_rows_only(roles: Roles, host: Client) -> None:
    """PostgreSQL's statistics, which quote frequent values, are the owner's."""
    with using(roles.owner), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    guest = Guest.objects.get(name="José Núñez")
    assert quoted(roles.owner, "José Núñez")
    address = reverse("desk_erase", args=[guest.pk])
    data = form_data(host.get(address)) | {"erase": "", "sure": "on"}
    assert "The name is erased" in host.post(address, data, follow=True).content.decode()
    assert not quoted(roles.owner, "José Núñez")


VECTORS = """
CREATE SCHEMA search_vectors;
CREATE TABLE search_vectors.words (stem text PRIMARY KEY);
CREATE TABLE search_vectors.passages (passage_id bigint PRIMARY KEY);
INSERT INTO search_vectors.words VALUES ('redi')
"""


def test_the_site_writes_the_vectors_of_passages(roles: Roles) -> None:
    with using(roles.owner), connection.cursor() as cursor:
        cursor.execute(VECTORS)
        grant_rights(cursor)
    try:
        assert statement(roles.site, "SELECT stem FROM search_vectors.words") == [("redi",)]
        statement(roles.site, "INSERT INTO search_vectors.passages VALUES (1)")
        statement(roles.site, "DELETE FROM search_vectors.passages")
        for more in (
            "CREATE TABLE search_vectors.more ()",
            "DROP TABLE search_vectors.words",
            "UPDATE search_vectors.words SET stem = 'other'",
        ):
            with pytest.raises(InsufficientPrivilege):
                statement(roles.site, more)
        with pytest.raises(InsufficientPrivilege):
            statement(roles.invalidator, "SELECT stem FROM search_vectors.words")
    finally:
        statement(roles.owner, "DROP SCHEMA search_vectors CASCADE")


def quoted(database: Database, word: str) -> bool:
    texts = "coalesce(histogram_bounds::text, '') || coalesce(most_common_vals::text, '')"
    query = f"SELECT count(*) FROM pg_stats WHERE {texts} LIKE '%{word}%'"
    return statement(database, query) != [(0,)]


@pytest.mark.parametrize("text", STRUCTURE)
@pytest.mark.parametrize("role", PASSWORDS)
def test_neither_role_changes_more_than_rows(roles: Roles, role: str, text: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        statement(getattr(roles, role), text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT introduction FROM episodes_episode",
        "SELECT title FROM episodes_episode",
        "SELECT * FROM episodes_episode",
        "SELECT * FROM auth_user",
        "SELECT * FROM django_session",
        "SELECT * FROM notes_revision",
        "SELECT * FROM desk_previewlink",
        "UPDATE episodes_episode SET slug = 'x'",
        "DELETE FROM show_contentversion",
        "SELECT desk_refresh_statistics('{auth_user}')",
    ],
)
def test_the_invalidator_reads_no_text_and_no_user(roles: Roles, text: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        statement(roles.invalidator, text)


@pytest.mark.slow
def test_the_invalidator_reads_what_it_asks_for(roles: Roles, tmp_path: Path) -> None:
    columns = (
        "SELECT count(*) FROM information_schema.column_privileges WHERE grantee = current_user"
    )
    assert statement(roles.invalidator, columns) == [(9,)]
    invalidator = invalidator_of(tmp_path)
    with using(roles.invalidator):
        invalidator.listen()
        # Which the site sees, whose role is another one.
        assert statement(roles.site, ANNOUNCED) == [(f"{PREFIX}{invalidator.state}",)]
        ran = subprocess.run(
            [sys.executable, "-c", EDIT], cwd=ROOT, capture_output=True, text=True, check=False,
            env=MACHINE | REQUIRED | {"DATABASE_URL": url_of(roles.site)},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        invalidator.poll()
    address = Episode.objects.get().get_absolute_url().lstrip("/")
    assert invalidator.changes[-1][1].touched == {address}


@pytest.mark.slow
def test_the_invalidator_starts_without_secrets(roles: Roles, tmp_path: Path) -> None:
    given = {"DATABASE_URL": url_of(roles.invalidator), "SITE_URL": "https://podcast.example"}
    process = subprocess.Popen(
        [sys.executable, "-m", "podcast.invalidator", str(tmp_path)],
        cwd=ROOT, env=MACHINE | given, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    said = process.stderr.readline()
    process.terminate()
    process.communicate(timeout=20)
    assert "Listening for commits" in said


ANNOUNCED = f"""
SELECT application_name FROM pg_stat_activity
WHERE datname = current_database() AND starts_with(application_name, '{PREFIX}')
"""
EDIT = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "podcast.settings"
import django
django.setup()
from episodes.models import Episode
from notes.apply import finish_edit
row = Episode.objects.get()
row.introduction = "About balloons."
row.save()
finish_edit(row, None, source="test")
"""


def url_of(database: Database) -> str:
    given = database.parameters
    place = f"{quote(given.get('host', ''), safe='')}:{given.get('port', 5432)}"
    return f"postgres://{quote(given['user'])}:{given['password']}@{place}/{database.name}"


def test_a_new_table_gets_rights_with_the_next_migrate(roles: Roles) -> None:
    statement(roles.owner, "CREATE TABLE added (id serial PRIMARY KEY)")
    try:
        with pytest.raises(InsufficientPrivilege):
            statement(roles.site, "SELECT * FROM added")
        with using(roles.owner):
            call_command("migrate", verbosity=0)
        statement(roles.site, "INSERT INTO added DEFAULT VALUES")
        with pytest.raises(InsufficientPrivilege):
            statement(roles.invalidator, "SELECT * FROM added")
    finally:
        statement(roles.owner, "DROP TABLE added")


@pytest.mark.slow
def test_a_restored_database_has_the_rights(roles: Roles, tmp_path: Path, settings: Any) -> None:
    """The owner backs up, checks and restores."""
    settings.MEDIA_ROOT, settings.BACKUP_URL = tmp_path / "media", f"file://{tmp_path}"
    settings.BACKUP_PASSWORD, settings.BACKUP_CACHE = PASSWORD, tmp_path / "cache"
    restored = f"{roles.owner.name}_restored"
    with using(roles.site):
        assert "Only the owner of the tables makes backups" in refusal("backup")
    with using(roles.owner):
        assert "verified" in command("backup", check=True)
    statement(roles.owner, f'CREATE DATABASE "{restored}" TEMPLATE template0')
    # Another role's large object must not stop the dump.
    statement(roles.invalidator, "SELECT lo_create(0)")
    try:
        with using(roles.owner):
            assert "verified" in command("backup", check=True)
        with using(roles.owner.named(restored)):
            command("restore")
        with using(roles.site.named(restored)):
            assert_site_works()
        with pytest.raises(InsufficientPrivilege):
            statement(roles.site.named(restored), "CREATE TEMPORARY TABLE more (id int)")
        assert statement(
            roles.invalidator.named(restored), "SELECT number FROM show_contentversion"
        )
    finally:
        # As the superuser, because an autovacuum worker may be in it.
        statement(roles.server, f'DROP DATABASE "{restored}" WITH (FORCE)')


VACUUMED = """
CREATE TABLE vacuumed WITH (autovacuum_vacuum_insert_threshold = 0,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_cost_delay = 100,
    autovacuum_vacuum_cost_limit = 1) AS SELECT generate_series(1, 100000)
"""
WORKERS = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE backend_type = 'autovacuum worker' AND datname = '{}'
"""


@pytest.mark.slow
def test_a_check_ends_though_its_scratch_database_is_being_vacuumed(roles: Roles) -> None:
    """Only a superuser may end an autovacuum worker; on Debian, the owner is none."""
    statement(roles.server, "ALTER SYSTEM SET autovacuum_naptime = 1")
    statement(roles.server, "SELECT pg_reload_conf()")
    try:
        with scratch_database(roles.owner) as scratch:
            statement(scratch, VACUUMED)
            eventually(lambda: statement(roles.server, WORKERS.format(scratch.name)) == [(True,)])
        databases = statement(roles.server, "SELECT datname FROM pg_database")
        assert (scratch.name,) not in databases
    finally:
        statement(roles.server, "ALTER SYSTEM RESET autovacuum_naptime")
        statement(roles.server, "SELECT pg_reload_conf()")


def test_what_needs_the_owner_says_so(roles: Roles) -> None:
    with pytest.raises(CommandError, match="Only the owner of the tables rebuilds"):
        command("rebuild_search")
    with pytest.raises(CommandError, match="Only the owner of the tables migrates"):
        command("migrate", "ops", "zero")
    with using(roles.owner):
        assert "searchable" in command("rebuild_search")


def test_the_doctor_names_a_role_that_may_do_more(roles: Roles, monkeypatch: Any) -> None:
    assert not doctor.role().remedy and "rows, nothing else" in doctor.role().text
    with using(roles.owner):
        monkeypatch.setattr(doctor, "PRIVATE_SOCKET", "elsewhere")
        assert "owns the tables" in doctor.role().text
        assert "Database roles" in doctor.role().remedy
    with using(roles.server.named(roles.owner.name)):
        assert "is a superuser" in doctor.role().text
        assert "Database roles" in doctor.role().remedy
        monkeypatch.undo()
        if doctor.PRIVATE_SOCKET in roles.server.parameters.get("host", ""):
            assert not doctor.role().remedy


def test_debians_script_gives_each_program_its_role(roles: Roles, tmp_path: Path) -> None:
    folder, url = tmp_path / "podcast", url_of(roles.owner)
    folder.mkdir()
    given = f"SECRET_KEY=abc\nDATABASE_URL='{url}'\nALLOWED_HOSTS=a.example\n"
    (folder / "env").write_text(given)
    (folder / "env").chmod(0o640)
    for _ in range(2):  # the second time gives new passwords
        before = (folder / "env").read_text()
        run_debians_script(roles, tmp_path)
        assert (folder / "env").read_text() != before
    lines = {path.name: path.read_text().splitlines() for path in folder.iterdir()}
    *others, last = lines["env"]
    assert others == ["SECRET_KEY=abc", "ALLOWED_HOSTS=a.example"]
    assert lines.keys() == {"env", "owner.env", "invalidator.env"}
    assert lines["owner.env"] == [f"DATABASE_URL='{url}'"]
    modes = {path.name: f"{path.stat().st_mode & 0o777:o}" for path in folder.iterdir()}
    assert modes == {"env": "640", "owner.env": "600", "invalidator.env": "600"}
    for line, role in ((last, roles.site), (lines["invalidator.env"][0], roles.invalidator)):
        own = database_at(line.removeprefix("DATABASE_URL='").removesuffix("'"))
        assert statement(own, "SELECT current_user") == [(role.parameters["user"],)]
        assert own.password not in (url, *PASSWORDS.values())
    create_roles(roles.server, roles.owner.parameters["user"])


def run_debians_script(roles: Roles, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir(exist_ok=True)
    for name, text in {"runuser": 'shift 3; exec "$@"', "id": "echo 0"}.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    with closing(roles.owner.connect()) as opened:
        programs = program("psql", major_version(opened)).path.parent
    script = ROOT / "deploy/systemd/database-roles"
    text = script.read_text().replace("=/etc/podcast\n", f"={tmp_path}/podcast\n")
    server = {
        name: roles.server.parameters.get(name) or "" for name in ("host", "user", "password")
    }
    subprocess.run(
        ["sh", "-c", text, script], check=True, capture_output=True,
        env=MACHINE | {"PATH": f"{tmp_path}/bin:{programs}:{MACHINE['PATH']}"}
        | {f"PG{name.upper()}": value for name, value in server.items()},
    )  # fmt: skip


def test_the_roles_addresses_keep_what_a_shell_would_read(roles: Roles, tmp_path: Path) -> None:
    folder = tmp_path / "podcast"
    folder.mkdir()
    given = f"{url_of(roles.owner)}?application_name=it's%20$HOME&connect_timeout=7"
    (folder / "env").write_text(f"SECRET_KEY=a$b&c\nDATABASE_URL={given}\n")
    run_debians_script(roles, tmp_path)
    query = "?application_name=it%27s%20$HOME&connect_timeout=7"
    for name in ("env", "owner.env", "invalidator.env"):
        found = read(folder / name)
        assert found["DATABASE_URL"].endswith(query)
        assert statement(database_at(found["DATABASE_URL"]), "SHOW application_name") == [
            ("it's $HOME",)
        ]
    assert read(folder / "env")["SECRET_KEY"] == "a$b&c"
    create_roles(roles.server, roles.owner.parameters["user"])


def test_the_owners_file_keeps_the_keys_of_backups(roles: Roles, tmp_path: Path) -> None:
    folder, url = tmp_path / "podcast", url_of(roles.owner)
    folder.mkdir()
    (folder / "env").write_text(f"SECRET_KEY=abc\nDATABASE_URL='{url}'\n")
    (folder / "owner.env").write_text(f"BACKUP_ACCESS_KEY_ID=abc\nDATABASE_URL='{url}'\n")
    run_debians_script(roles, tmp_path)
    lines = (folder / "owner.env").read_text().splitlines()
    assert sorted(lines) == ["BACKUP_ACCESS_KEY_ID=abc", f"DATABASE_URL='{url}'"]
    assert (folder / "owner.env").stat().st_mode & 0o777 == 0o600
    create_roles(roles.server, roles.owner.parameters["user"])


def test_settings_written_again_bring_a_new_password(roles: Roles, tmp_path: Path) -> None:
    """As when a step was typed twice: owner.env has the former address, the database another."""
    folder, url = tmp_path / "podcast", url_of(roles.owner)
    folder.mkdir()
    former = url.replace(f":{roles.owner.password}@", ":former@")
    (folder / "env").write_text(f"SECRET_KEY=abc\nDATABASE_URL='{url}'\n")
    (folder / "owner.env").write_text(f"DATABASE_URL='{former}'\n")
    name = roles.owner.parameters["user"]
    statement(roles.server, f"ALTER ROLE {name} PASSWORD 'another'; SELECT 1")
    run_debians_script(roles, tmp_path)
    assert (folder / "owner.env").read_text() == f"DATABASE_URL='{url}'\n"
    assert statement(roles.owner, "SELECT 1") == [(1,)]
    create_roles(roles.server, name)


def test_the_sites_role_does_not_pass_for_the_owner(roles: Roles, tmp_path: Path) -> None:
    """As after the loss of owner.env, or with a copy of env alone on a new server."""
    folder = tmp_path / "podcast"
    folder.mkdir()
    (folder / "env").write_text(f"SECRET_KEY=abc\nDATABASE_URL={url_of(roles.owner)}\n")
    run_debians_script(roles, tmp_path)
    (folder / "owner.env").write_text("BACKUP_PASSWORD=abc\n")
    before = {path.name: path.read_text() for path in folder.iterdir()}
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run_debians_script(roles, tmp_path)
    assert b"lacks DATABASE_URL" in failed.value.stderr
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
    create_roles(roles.server, roles.owner.parameters["user"])


def test_an_empty_password_is_refused(roles: Roles, tmp_path: Path) -> None:
    folder, url = tmp_path / "podcast", url_of(roles.owner)
    folder.mkdir()
    text = f"DATABASE_URL={url.replace(f':{roles.owner.password}@', ':@')}\n"
    (folder / "env").write_text(text)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run_debians_script(roles, tmp_path)
    assert b"has no password. Is $PASSWORD empty in this shell?" in failed.value.stderr
    assert (folder / "env").read_text() == text and not (folder / "owner.env").exists()
