"""The image of web alone, as a platform runs it (docs/platform.md)."""

import http.client
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts.models import SignInAttempts
from episodes.tests.factories import episode, show
from linkcheck.models import Link
from ops.database import default_database
from ops.models import BackupRecord, JobRun
from ops.tests.installations import empty_database, run
from tests.image import environment, wait_for_the_probe, web
from tests.nginx_harness import free_port, wait_for
from tests.production import ROOT, database_url, eventually, python

HOST = "podcast.example.org"


def status(port: int, path: str, address: str = "127.0.0.1") -> int:
    asked = http.client.HTTPConnection(address, port, timeout=30)
    asked.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    return asked.getresponse().status


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("bound", "answers"), [("", False), ("0.0.0.0", False), ("::", True)])
def test_the_image_listens_where_the_environment_says(bound: str, answers: bool):
    port = free_port()
    env = environment(PORT=str(port), BIND_ADDRESS=bound)
    with web(env):
        wait_for_the_probe(env)
        assert status(port, "/health") == 200
        with socket.socket(socket.AF_INET6) as other:
            assert (other.connect_ex(("::1", port)) == 0) is answers


def sign_in(**headers: str) -> int:
    data = {"username": "nick", "password": "wrong"}
    return Client(REMOTE_ADDR="10.0.0.1", headers=headers).post("/admin/login/", data).status_code


@pytest.fixture
def nick(db: None) -> None:
    User.objects.create_superuser("nick", "nick@example.org", "airship-over-lakehurst")


@pytest.mark.usefixtures("nick")
@pytest.mark.parametrize("header", ["Fly-Client-IP", ""])
def test_a_platforms_header_says_who_the_visitor_is_only_if_it_is_named(settings: Any, header: str):
    settings.TRUST_PROXY, settings.CLIENT_ADDRESS_HEADER = True, header
    proxy = {"X-Forwarded-For": "198.51.100.7, 10.0.0.2"}  # its own address comes last
    answers = [sign_in(**proxy, **{"Fly-Client-IP": f"203.0.113.{n}"}) for n in range(9)]
    counted = set(SignInAttempts.objects.values_list("address", flat=True))
    if header:
        assert counted == {f"203.0.113.{n}" for n in range(9)}
        assert set(answers) == {200}
    else:
        assert counted == {"10.0.0.2"}
        assert answers[-1] == 429


@pytest.mark.usefixtures("nick")
def test_without_the_header_a_request_has_its_connections_address(settings: Any):
    settings.CLIENT_ADDRESS_HEADER = "Fly-Client-IP"
    sign_in()
    assert SignInAttempts.objects.get().address == "10.0.0.1"


TOLD = """
import os
from django.conf import settings
import podcast.wsgi
own = settings.DATABASES["default"]
print(own["CONN_MAX_AGE"], own["DISABLE_SERVER_SIDE_CURSORS"], os.environ.get("PGOPTIONS"))
"""


@pytest.mark.parametrize(
    ("pooler", "told"),
    [("1", "0 True None"), (None, "60 False -c statement_timeout=20000 -c lock_timeout=10000")],
)
def test_nothing_outlasts_a_transaction_behind_a_pooler(pooler: str | None, told: str):
    ran = python("-c", TOLD, DATABASE_POOLER=pooler, CONN_MAX_AGE="60")
    assert ran.stdout.strip() == told, ran.stderr


def test_nothing_listens_behind_a_pooler(tmp_path: Path):
    ran = python("manage.py", "invalidate_nginx", str(tmp_path), DATABASE_POOLER="1")
    assert ran.returncode == 1
    assert "unset DATABASE_POOLER" in ran.stderr


def test_encryption_of_the_database_is_in_its_address():
    """Nothing listens there, but without an answer libpq reads the certificate first."""
    url = "postgres://ann@127.0.0.1:1/podcast?sslmode=verify-full&sslrootcert=/none.crt"
    told = "from django.db import connection as c; print(c.get_connection_params())"
    script = f"import django; django.setup(); {told}"
    assert (
        "'sslmode': 'verify-full', 'sslrootcert': '/none.crt'"
        in python("-c", script, DATABASE_URL=url).stdout
    )


def script(name: str, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", f"deploy/{name}", *arguments],
        cwd=ROOT, env=environment(**given), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_owners_commands_go_past_the_pooler():
    shown = ["sh", "-c", 'echo "$DATABASE_URL ${DATABASE_POOLER:-}"']
    given = {"DATABASE_URL": "pooler", "DATABASE_POOLER": "1"}
    ran = script("as-owner.sh", *shown, **given, OWNER_DATABASE_URL="owner")
    assert ran.stdout == "owner \n"
    refused = script("as-owner.sh", *shown, **given)
    assert refused.returncode == 1 and "Set OWNER_DATABASE_URL" in refused.stderr
    assert script("as-owner.sh", *shown, DATABASE_URL="one").stdout == "one \n"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_release_of_an_owner_who_may_create_no_extension():
    server = default_database()
    owner = f"{server.name}_doadmin"
    roles = (f"{owner}_site", f"{owner}_invalidator", owner)
    passwords = {"POSTGRES_SITE_PASSWORD": "of-site", "POSTGRES_INVALIDATOR_PASSWORD": "of-other"}
    for role in roles:
        run(server, "DROP ROLE IF EXISTS {}", role)
    run(server, "CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD 'secret'", owner)
    with empty_database("platform") as own:
        run(server, f'ALTER DATABASE "{own.name}" OWNER TO {{}}', owner)
        url = url_as(owner, "secret", own.name)
        for _ in range(2):
            ran = script("release.sh", **passwords, DATABASE_POOLER="1", OWNER_DATABASE_URL=url)
            assert ran.returncode == 0, ran.stderr
        site = url_as(f"{owner}_site", "of-site", own.name)
        ran = python("manage.py", "migrate", "--check", DATABASE_URL=site)
        assert ran.returncode == 0, ran.stderr
    for role in roles:
        run(server, "DROP ROLE {}", role)


def url_as(user: str, password: str, database: str) -> str:
    address = database_url().rpartition("@")[2].rpartition("/")[0]
    return f"postgres://{user}:{password}@{address}/{database}"


@contextmanager
def periodic(tmp_path: Path, *arguments: str, **given: str) -> Iterator[subprocess.Popen[bytes]]:
    """deploy/periodic.sh, whose minutes and nights are short."""
    text = (ROOT / "deploy/periodic.sh").read_text()
    short = text.replace("sleep 60", "sleep 0.2").replace('sleep "$(until_next)"', "sleep 0.2")
    short = short.replace("sleep 240", "sleep 0.1")
    short = short.replace('date -d "194 minutes ago" +%F', "date +%N")  # each is another night
    assert (short.count("sleep 0.2"), short.count("sleep 0.1")) == (2, 1)
    folders = {"MEDIA_ROOT": str(tmp_path / "media"), "BACKUP_CACHE": str(tmp_path / "cache")}
    env = environment(**folders, BACKUP_PASSWORD="of-the-backups", **given)
    command = ["sh", "-c", short, "deploy/periodic.sh", *arguments]
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield running
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_periodic_work_ticks_backs_up_and_ends_at_once(tmp_path: Path):
    (tmp_path / "backups").mkdir()
    (tmp_path / "media").mkdir()
    show()
    pooler = {"DATABASE_POOLER": "1", "OWNER_DATABASE_URL": database_url()}
    with periodic(tmp_path, **pooler, BACKUP_URL=f"file://{tmp_path}/backups") as running:
        eventually(lambda: JobRun.objects.filter(succeeded_at__isnull=False).count() == 2)
        names = set(JobRun.objects.values_list("name", flat=True))
        assert names == {"tick", "backup"}, (tmp_path / "log").read_text()
        assert BackupRecord.objects.filter(checked_at__isnull=False).exists()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=5) == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_work_of_one_kind_alone(tmp_path: Path):
    """As compose has it; and a backup that goes unchecked."""
    (tmp_path / "media").mkdir()
    (tmp_path / "backups").mkdir()
    log = tmp_path / "logs/access.log"
    log.parent.mkdir()
    log.write_text("{}\n")
    given = {"BACKUP_URL": f"file://{tmp_path}/backups", "DOWNLOADS_LOG": str(log)}
    with periodic(tmp_path, "nightly", **given, BACKUP_CHECK="0"):
        eventually(lambda: not log.exists())
    assert [each.name for each in JobRun.objects.all()] == ["hourly_backup"]
    assert not BackupRecord.objects.filter(checked_at__isnull=False).exists()
    assert [path.name[:11] for path in log.parent.iterdir()] == ["access.log-"]


PYTHON = """\
#!/bin/sh
echo "$*" >>"$LOG"
case "$*" in
*report_failure*) [ "$(grep -c report_failure "$LOG")" -gt 1 ] ;;
*"$FAILS"*) false ;;
esac
"""


@pytest.mark.parametrize(
    ("job", "commands", "fails"),
    [
        ("tick", ["-m podcast.tick"], "tick"),
        ("nightly", ["manage.py backup --check"], "backup"),
        ("nightly", ["manage.py backup", "manage.py restic prune --quiet --max-unused 0"], "prune"),
    ],
)
def test_a_failure_is_reported_until_a_report_was_sent(
    tmp_path: Path, job: str, commands: list[str], fails: str
):
    """By a Python that only logs its arguments, whose first report can't be sent."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").write_text(PYTHON)
    (tmp_path / "bin/python").chmod(0o755)
    log, path = tmp_path / "commands", f"{tmp_path}/bin:{os.environ['PATH']}"
    check = "0" if fails == "prune" else "1"
    with periodic(tmp_path, job, PATH=path, LOG=str(log), FAILS=fails, BACKUP_CHECK=check):
        eventually(lambda: log.read_text().count(commands[-1]) > 3)
    report = f"manage.py report_failure {job}"
    expected = [*commands, report, *commands, report, *commands, *commands]
    assert log.read_text().splitlines()[: len(expected)] == expected


PGBOUNCER = """
[databases]
{name} = host={host} port={port} user={user} {password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
{switch}
"""


@pytest.fixture
def pooler(tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a PgBouncer before the tests' server."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.skip("pgbouncer isn't here")
    server, listen = default_database().parameters, free_port()
    name, host, password = server["dbname"], server["host"], server.get("password")
    # It refuses to run as root, and only the server's own user may open its socket.
    user = pwd.getpwuid(os.stat(host).st_uid).pw_name if host.startswith("/") else "nobody"
    config = tmp_path / "pgbouncer.ini"
    config.write_text(
        PGBOUNCER.format(
            name=name, host=host, port=server.get("port", 5432), user=server["user"],
            password=f"password={password}" if password else "", listen=listen,
            switch=f"user = {user}" if os.geteuid() == 0 else "",
        )
    )  # fmt: skip
    running = subprocess.Popen([program, "--quiet", str(config)])
    wait_for(listen)
    yield f"postgres://ann@127.0.0.1:{listen}/{name}"
    running.terminate()
    running.wait()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_site_and_tick_behind_a_pooler_of_transactions(pooler: str, collected: str, tmp_path: Path):
    """More threads than the pooler has connections."""
    show()
    slug = episode(references=["https://nowhere.invalid/"]).slug
    port = free_port()
    env = environment(
        PORT=str(port), DATABASE_URL=pooler, DATABASE_POOLER="1", TRUST_PROXY="1",
        GUNICORN_THREADS="8", MEDIA_ROOT=str(tmp_path), STATIC_ROOT=collected,
    )  # fmt: skip
    with web(env):
        wait_for_the_probe(env)
        for path in ("/podcast/", f"/podcast/{slug}", "/search?q=topic", "/podcast/feed.xml"):
            assert [status(port, path) for _ in range(4)] == [200] * 4
        ran = python("-m", "podcast.tick", **env)
        assert ran.returncode == 0, ran.stderr
    assert Link.objects.get().checked_at
