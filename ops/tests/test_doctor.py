"""The doctor finds what is wrong, and only that."""

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from caching.http import content_state
from caching.nginx.presence import PREFIX
from episodes.tests.factories import show
from net.tests.certificates import own_certificate
from ops.backups import programs, restic
from ops.database import default_database
from ops.doctor import backups, checks, configuration, database, jobs, proxy, units
from ops.health import check_migrations
from ops.jobs import see_invalidators
from ops.models import BackupRecord, JobRun
from show.models import ContentVersion
from tests.production import python

KEY = "qV8m2zR4tY6uW1xB9nC3dF5gH7jK0lP-aSeDrFtGyHuJ_iKoLp-ZxCv"


class Proxy(BaseHTTPRequestHandler):
    answers: dict[str, int] = {}
    request_id = "0" * 32
    header = "X-Request-ID"
    location = ""

    def do_GET(self) -> None:
        self.send_response(self.answers.get(self.path, 404))
        if self.request_id:
            self.send_header(self.header, self.request_id)
        if self.location:
            self.send_header("Location", self.location)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def site(settings, db, tmp_path) -> Iterator[type[Proxy]]:
    """A healthy installation, but without a certificate."""
    Proxy.answers, Proxy.request_id, Proxy.location = {"/health": 200}, "0" * 32, ""
    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
        settings.ALLOWED_HOSTS = ["127.0.0.1"]
        settings.HTTPS = True
        settings.SECRET_KEY = KEY
        without_pgvector()
        now = timezone.now()
        BackupRecord.objects.create(name="newest", made_at=now, checked_at=now)
        settings.BACKUP_URL = f"file://{tmp_path}"
        JobRun.objects.create(name="tick", ended_at=now, succeeded_at=now)
        yield Proxy
        server.shutdown()


def without_pgvector() -> None:
    """search/tests/test_vector_state.py has what the doctor says of vectors."""
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION IF EXISTS vector CASCADE")


@contextmanager
def encrypted(certificate: Path | None = None) -> Iterator[str]:
    """The address of a proxy that terminates TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate)
    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()


def wrong() -> dict[str, str]:
    return {each.subject: each.text for each in checks.diagnose() if each.remedy}


def test_a_healthy_installation_has_no_problems(site, capsys):
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok  ") for line in lines), lines
    subjects = [line[4:16].strip() for line in lines]
    assert subjects == [
        "Debugging", "Secret key", "Hosts", "HSTS", "Database", "Clock", "Migrations", "Role",
        "Search", "Tick", "Backups", "Storage", "Disk", "Proxy", "Metrics",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "subject", "text"),
    [
        ("DEBUG", True, "Debugging", "visitors see errors"),
        ("SECRET_KEY", "short", "Secret key", "5 characters long"),
        ("SECRET_KEY", "a1b2" * 20, "Secret key", "can be guessed"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "Secret key", "can be guessed"),
        ("ALLOWED_HOSTS", ["*"], "Hosts", "any name"),
        ("ALLOWED_HOSTS", ["podcast.example"], "Hosts", "podcast.example"),
        ("HTTPS", False, "Hosts", "not encrypted"),
        ("SECURE_HSTS_PRELOAD", True, "HSTS", "no effect without subdomains"),
        ("SITE_URL", "http://127.0.0.1:1", "Proxy", "doesn't answer"),
    ],
)
def test_settings_that_are_wrong(site, settings, name, value, subject, text):
    setattr(settings, name, value)
    assert text in wrong()[subject]


def test_variables_that_are_spelt_wrongly(site, monkeypatch):
    monkeypatch.setenv("PNIG_URL", "https://ping.example")
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    assert wrong() == {"Settings": "nothing reads PNIG_URL"}


def test_a_key_of_hexadecimal_digits_need_not_have_all_of_them(settings):
    settings.SECRET_KEY = "0123456789abcde9" * 4  # as of `openssl rand -hex 32`, without f
    assert not configuration.secret_key().remedy


@pytest.mark.parametrize(
    ("seconds", "subdomains", "text"),
    [
        (0, False, "off"),
        (300, False, "browsers use only HTTPS for 127.0.0.1, for 300 s"),
        (300, True, "browsers use only HTTPS for 127.0.0.1 and all its subdomains, for 300 s"),
    ],
)
def test_what_browsers_remember(site, settings, seconds: int, subdomains: bool, text: str):
    settings.SECURE_HSTS_SECONDS = seconds
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = subdomains
    assert list(configuration.hsts()) == [configuration.Diagnosis("HSTS", text)]
    settings.HTTPS = False
    assert not list(configuration.hsts())


def test_a_private_installation_needs_neither_https_nor_backups(site, settings):
    settings.HTTPS, settings.BACKUP_URL = False, ""
    BackupRecord.objects.all().delete()
    JobRun.objects.all().delete()
    assert set(wrong()) == {"Hosts", "Backups", "Tick"}
    settings.PRIVATE = True
    assert wrong() == {}
    settings.BACKUP_URL = "file:///srv/backups"
    assert set(wrong()) == {"Backups"}


def test_a_wrong_proxy(site):
    site.answers = {"/health": 503}
    assert wrong() == {"Proxy": "/health answers 503"}
    site.answers, site.request_id = {"/health": 200, "/metrics": 200}, ""
    assert set(wrong()) == {"Proxy", "Metrics"}


def test_former_domains_redirect_to_the_site(site, settings):
    settings.FORMER_DOMAINS = ["localhost", "nowhere.invalid"]
    found = wrong_of(proxy.former_domains)
    assert found[0] == f"localhost answers 404, and doesn't redirect to {settings.SITE_URL}"
    assert found[1].startswith("nowhere.invalid doesn't answer: ")
    settings.FORMER_DOMAINS = ["localhost"]
    site.location = f"{settings.SITE_URL}/podcast/?page=2"
    assert wrong_of(proxy.former_domains) == []
    site.location = settings.SITE_URL
    assert len(wrong_of(proxy.former_domains)) == 1


def wrong_of(check: Callable[[], Iterator[Any]]) -> list[str]:
    return [each.text for each in check() if each.remedy]


@pytest.mark.parametrize("header", ["X-Request-Id", "x-request-id"])
def test_a_proxy_may_spell_headers_as_it_likes(site, monkeypatch, header: str):
    """Caddy, like all of Go, writes X-Request-Id; HTTP/2 has no capitals."""
    monkeypatch.setattr(site, "header", header)
    assert wrong() == {}


def test_an_untrusted_certificate(site, settings, tmp_path):
    with encrypted(own_certificate(tmp_path)) as settings.SITE_URL:
        said = wrong()
    assert set(said) == {"Proxy"}
    assert "its certificate isn't trusted: self-signed certificate" in said["Proxy"]


def test_a_program_before_the_site_that_is_alone(site):
    site.answers = {"/health": 502}
    (found,) = [each for each in checks.diagnose() if each.remedy]
    assert "whatever is behind the first program is away" in found.text
    assert found.remedy.startswith("start nginx")


def test_caddy_without_a_certificate(site, settings):
    """It ends the handshake by an alert."""
    with encrypted() as settings.SITE_URL:
        (found,) = [each for each in checks.diagnose() if each.remedy]
    assert "has no certificate for it" in found.text
    assert found.remedy.startswith("journalctl -u caddy, docker compose logs tls, or nginx's")


def test_a_name_without_an_address(site, settings):
    settings.SITE_URL = "http://nobody.invalid"
    settings.ALLOWED_HOSTS = ["nobody.invalid"]
    assert "its name leads to no address" in wrong()["Proxy"]


def test_backups_that_are_old_or_missing(site):
    BackupRecord.objects.update(made_at=timezone.now() - timedelta(hours=49))
    assert wrong()["Backups"].startswith("the last verified one is 2\xa0days")
    BackupRecord.objects.update(problem="the dump can't be restored")
    assert wrong() == {"Backups": "there is no verified backup"}


def test_remedies_are_typed_as_here(site, settings):
    BackupRecord.objects.update(problem="the dump can't be restored")
    settings.MANAGE_COMMAND = "podcast-manage"
    MigrationRecorder.Migration.objects.filter(app="show").delete()
    check_migrations.cache_clear()
    remedies = {each.subject: each.remedy for each in checks.diagnose()}
    assert remedies["Backups"].startswith("podcast-manage backup --check")
    assert remedies["Migrations"] == "podcast-manage migrate"


def test_an_unwritable_storage(site, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "below"
    assert "NotADirectoryError" in wrong()["Storage"]


def test_nothing_remains_in_the_storage(site, settings):
    assert "Storage" not in wrong()
    assert list(settings.MEDIA_ROOT.iterdir()) == []


def test_a_database_with_few_connections_left(db):
    assert "2 connections free" in database.server(1, 2).text
    assert database.server(1, 2).remedy and not database.server(1, 50).remedy


def test_clocks_that_differ():
    assert database.clock(timedelta(seconds=-90)).text.startswith("90 seconds apart")
    assert not database.clock(timedelta(seconds=1)).remedy


def test_without_a_database_the_rest_is_checked():
    ran = python("manage.py", "doctor", SITE_URL="https://127.0.0.1:1")
    assert ran.returncode == 1
    assert "!!  Database    connection to server" in ran.stdout
    assert "Storage" in ran.stdout and "!!  Proxy" in ran.stdout
    assert "secret" not in ran.stdout + ran.stderr


def test_tick_that_stopped_or_fails(site, settings):
    JobRun.objects.update(ended_at=timezone.now() - timedelta(minutes=11))
    assert wrong() == {"Tick": "last ran 11\xa0minutes ago"}
    JobRun.objects.update(ended_at=timezone.now(), problem="Failed: check_some.")
    assert wrong()["Tick"].endswith("ago: Failed: check_some.")
    JobRun.objects.all().delete()
    assert wrong() == {"Tick": "has never run"}


def test_a_backup_says_why_it_failed(site, settings, tmp_path):
    settings.BACKUP_URL = f"file://{tmp_path}/gone"
    with pytest.raises(CommandError):
        call_command("backup")
    settings.BACKUP_URL = f"file://{tmp_path}"
    assert (
        "the last run failed" in wrong()["Backups"] and "/gone of BACKUP_URL" in wrong()["Backups"]
    )


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("file:///nowhere/at/all", "The folder /nowhere/at/all of BACKUP_URL doesn't exist"),
        ("ftp://example.org", "isn't a destination"),
    ],
)
def test_a_backup_without_destination(site, settings, url: str, text: str):
    settings.BACKUP_URL = url
    assert text in wrong()["Backups"]


def test_a_destination_that_only_the_backup_knows(site, settings):
    """As in owner.env, which the site doesn't get."""
    settings.BACKUP_URL = ""
    assert wrong() == {}


def test_a_destination_that_is_full_or_read_only(site, monkeypatch, tmp_path):
    monkeypatch.setattr(backups, "ENOUGH_SPACE", 2**60)
    assert f"free at {tmp_path}" in wrong()["Backups"]
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path and access(path, mode))
    assert wrong()["Backups"] == f"{tmp_path} can't be written to"


def test_a_missing_pg_dump(site, settings, monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    settings.PGBIN = ""
    assert "there is none on the PATH" in wrong()["Backups"]
    assert any("apt-get install postgresql-client" in each.remedy for each in checks.diagnose())


def test_a_missing_restic(site, monkeypatch):
    monkeypatch.setattr(restic.shutil, "which", lambda name: None)
    assert wrong()["Backups"] == "restic isn't installed, which makes backups"
    assert any(each.remedy == "Debian: apt-get install restic" for each in checks.diagnose())


def test_a_site_without_backups_has_none_that_failed(site, settings):
    settings.BACKUP_URL = ""
    with pytest.raises(CommandError, match="BACKUP_URL is not set"):
        call_command("backup", check=True)
    assert wrong() == {}


def test_a_check_that_succeeded_mends_an_hourly_failure(site):
    now = timezone.now()
    for name in ("backup", "hourly_backup"):
        JobRun.objects.create(name=name, ended_at=now, problem="no password")
    found = [each.text for each in backups.last_run()]
    assert len(found) == 1 and found[0].endswith("ago: no password")
    JobRun.objects.filter(name="backup").update(
        ended_at=now + timedelta(minutes=1), succeeded_at=now + timedelta(minutes=1), problem=""
    )
    assert wrong() == {}
    JobRun.objects.filter(name="hourly_backup").update(ended_at=now + timedelta(minutes=2))
    assert set(wrong()) == {"Backups"}


def test_an_hourly_success_does_not_hide_that_the_check_failed(site):
    JobRun.objects.create(name="backup", ended_at=timezone.now(), problem="damaged")
    JobRun.objects.create(name="hourly_backup", ended_at=timezone.now())
    assert wrong()["Backups"].endswith("ago: damaged")


@pytest.mark.parametrize(
    ("name", "right", "wrong_mode"),
    [
        ("env", 0o640, 0o644),
        ("owner.env", 0o600, 0o640),
        ("env.bak", 0o640, 0o644),
    ],
)
def test_a_file_of_secrets_that_others_read(
    site, monkeypatch, tmp_path, name: str, right: int, wrong_mode: int
):
    monkeypatch.setattr(configuration, "ENVIRONMENT", tmp_path)
    (tmp_path / name).touch()
    (tmp_path / name).chmod(right)
    assert wrong() == {}
    (tmp_path / name).chmod(wrong_mode)
    assert f"{name}, whose mode is {wrong_mode:o}" in wrong()["Secrets"]
    (tmp_path / name).unlink()
    (tmp_path / "nginx.env").touch(0o644)
    assert wrong() == {}


def test_a_folder_of_secrets_in_which_others_write(site, monkeypatch, tmp_path):
    folder = tmp_path / "podcast"
    folder.mkdir(0o755)
    monkeypatch.setattr(configuration, "ENVIRONMENT", folder)
    assert wrong() == {}
    folder.chmod(0o777)
    assert wrong()["Secrets"] == f"others can write in {folder}, whose mode is 777"


def test_the_password_of_backups_is_not_the_sites(site, monkeypatch, tmp_path):
    monkeypatch.setenv("BACKUP_PASSWORD", "password")
    assert wrong() == {}  # as in a container
    monkeypatch.setattr(configuration, "ENVIRONMENT", tmp_path)
    (tmp_path / "env").touch(0o640)
    assert wrong() == {"Secrets": "the site can read BACKUP_PASSWORD"}


@pytest.mark.parametrize(
    ("days_old", "days_left", "is_late"), [(80, 10, True), (60, 30, False), (3, 3, False)]
)
def test_a_certificate_that_is_not_renewed(
    site, settings, monkeypatch, tmp_path, days_old: int, days_left: int, is_late: bool
):
    file = own_certificate(tmp_path, days_old, days_left)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with encrypted(file) as settings.SITE_URL:
        said = wrong()
    assert set(said) == ({"Certificate"} if is_late else set())


@pytest.mark.parametrize("is_issuer_trusted", [True, False])
def test_a_certificate_that_has_expired(
    site, settings, monkeypatch, tmp_path, is_issuer_trusted: bool
):
    """Of an issuer that nobody trusts, as with “tls internal”, it tells nothing new."""
    file = own_certificate(tmp_path, 90, -1)
    if is_issuer_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setattr(checks, "_remembered", None)
    with encrypted(file) as settings.SITE_URL:
        said, watched = wrong(), {each.subject for each in checks.watched() if each.remedy}
    assert set(said) == ({"Certificate", "Proxy"} if is_issuer_trusted else {"Proxy"})
    assert watched == ({"Certificate"} if is_issuer_trusted else set())
    if is_issuer_trusted:
        assert said["Certificate"] == "has expired"


@pytest.fixture
def systemctl(monkeypatch, tmp_path) -> Callable[..., None]:
    """Sets what systemctl answers: unit by unit, and the folders of podcast-nightly."""
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    monkeypatch.setattr(units, "SYSTEMD", (tmp_path,))
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")

    def answer(folders: str = f"/var/lib/podcast -{tmp_path}", **states: str) -> None:
        cases = "".join(
            f"{'?'.join(unit.split('_'))}) is='{is_}' ;; " for unit, is_ in states.items()
        )
        program.write_text(f"""#!/bin/sh
case $* in *ReadWritePaths*) echo "{folders}"; exit ;; esac
fine="active running 0" end=
[ "$1" = show ] || fine=enabled
for unit in "$@"; do
    case $unit in show | is-* | --*) continue ;; esac
    case $unit in {cases} podcast-tick.service) is="inactive dead 0" ;; *) is=$fine ;; esac
    if [ "$1" != show ]; then
        echo "${{is%% *}}"
        continue
    fi
    printf "$end"
    case $unit in *.service) echo "NRestarts=${{is##* }}" ;; esac
    echo "$is" | while read -r active sub number; do
        printf 'ActiveState=%s\\nSubState=%s\\n' "$active" "$sub"
    done
    end='\\n'
done
exit 3
""")
        program.chmod(0o755)

    return answer


def test_units_that_are_off(site, systemctl):
    systemctl()
    assert wrong() == {}
    systemctl(podcast_nightly_timer="inactive dead")
    assert wrong() == {"Units": "podcast-nightly.timer is inactive"}
    (remedy,) = (each.remedy for each in checks.diagnose() if each.remedy)
    assert remedy.startswith(
        "systemctl enable --now podcast-nightly.timer, unless it is off on purpose; if that fails"
    )
    systemctl(podcast_tick_service="failed failed 0")
    assert wrong() == {"Units": "podcast-tick.service is failed"}
    systemctl(podcast_invalidator_service="disabled")
    assert wrong()["Units"].startswith("podcast-invalidator.service is disabled: it doesn't start")


@pytest.mark.parametrize(
    "state", ["activating auto-restart 0", "activating auto-restart-queued 1", "activating start 7"]
)
def test_a_service_that_crashes_and_starts_again(site, systemctl, state: str):
    systemctl(podcast_web_service="activating start 0")
    assert wrong() == {}
    systemctl(podcast_web_service=state)
    (found,) = [each for each in checks.diagnose() if each.remedy]
    assert found.text == "podcast-web.service is starting again after a crash"
    assert found.remedy == "journalctl -u podcast-web.service says why"


def test_a_sandbox_without_the_folder_of_backups(site, systemctl, tmp_path):
    systemctl(folders="/var/lib/podcast -/var/backups/podcast")
    assert wrong() == {"Backups": f"podcast-nightly.service may not write to {tmp_path}"}


@pytest.fixture
def invalidator(transactional_db) -> Iterator[Callable[[str], None]]:
    """Sets what an invalidator on a connection of its own announces."""
    with closing(default_database().connect()) as opened, opened.cursor() as cursor:
        opened.autocommit = True

        def announces(state: str) -> None:
            cursor.execute("SET application_name = %s", [f"{PREFIX}{state}"])

        yield announces


def test_an_invalidator_that_ended_fails_or_lags(invalidator):
    show()
    assert list(jobs.invalidator()) == []  # a site without nginx
    version = content_state(timezone.now()).version
    invalidator(str(version))
    see_invalidators()
    assert [each.text for each in jobs.invalidator()] == ["1 connected, and up to date"]
    invalidator("can't purge: Permission denied")
    assert [each.text for each in jobs.invalidator()] == ["can't purge: Permission denied"]
    invalidator(str(version - 2))
    assert not next(jobs.invalidator()).remedy  # only just
    ContentVersion.objects.update(changed_at=timezone.now() - timedelta(seconds=11))
    assert next(jobs.invalidator()).text.startswith("2 edits behind")
    assert next(jobs.invalidator()).remedy


def test_an_end_of_the_invalidator_is_noticed(invalidator):
    invalidator("1")
    see_invalidators()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name LIKE %s",
            [f"{PREFIX}%"],
        )
    assert next(jobs.invalidator()).text.startswith("none runs")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE SCHEMA replica; CREATE FUNCTION replica.pg_is_in_recovery() RETURNS boolean"
            " LANGUAGE sql AS 'SELECT true'; SET search_path = replica, pg_catalog, public"
        )
        assert not list(jobs.invalidator())  # a replica can't tell
        cursor.execute("SET search_path = DEFAULT")
