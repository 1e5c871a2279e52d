"""A database of version 1 becomes what a new one is, and serves the former code afterwards.

`version_1.sql.gz` is one that commit e170fe3 made, with a few rows, as `pg_dump --inserts` writes
it. Where that commit is at hand, a drill runs its code on the upgraded database.
"""

import base64
import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group, Permission, User
from django.core.checks import Error
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import SecondStep, SignInAttempts
from accounts.two_factor import enrol, new_secret, recovery_hash, verify
from deploy.local.environment import for_tests
from episodes.models import Episode, SocialCard
from episodes.tests import factories
from feeds.models import HubNotification
from linkcheck.models import Link, LinkSurvey
from notes.apply import finish_edit
from ops.apps import STEP, check_history
from ops.backups.programs import program
from ops.database import Database
from ops.health import check_migrations
from ops.models import DailyDownloads
from ops.tests.conftest import skip_without_programs
from ops.tests.installations import empty_database, url_of, using
from ops.tests.sites import copy_database
from search.models import GuestWanted, SynonymGroup, Word, ZeroResultQuery

VERSION_1 = Path(__file__).with_name("version_1.sql.gz")
RECOVERY_CODE = "4gxq-m2ak-7c2p-aaaa"
NOW = 1_900_000_000
PAST_17 = "provider = builtin"  # a collation that PostgreSQL 15 and 16 don't have
FORMER_CODE = """
import os
import django
from django.conf import settings
storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STORAGES["staticfiles"] = {"BACKEND": storage}
django.setup()
from django.contrib.auth.models import User
from django.test import Client
from episodes.models import Episode
from notes.publish import finish_edit
from search.index import rebuild
from search.models import WordGroup
client = Client(SERVER_NAME="localhost")
row = Episode.objects.get()
for path in ("/health", "/", row.get_absolute_url(), "/podcast/feed.xml", "/search?q=redis"):
    assert client.get(path).status_code == 200, path
assert client.get("/health").json() == {"status": "ok"}
assert row.slug in client.get("/search?q=redis").content.decode()
assert b"Django" in client.get("/search/suggest?q=djan").content
row.title = "A Zeppelin over Lakehurst"
row.save()
finish_edit(row, None, source="former")
assert row.slug in client.get("/search?q=zepelin").content.decode(), "refreshed, and spelt"
WordGroup.objects.create(words="airship, zeppelin")
assert row.slug in client.get("/search?q=airship").content.decode()
rebuild(lambda done, of: None)
assert row.slug in client.get("/search?q=zeppelin").content.decode()
if User.objects.filter(username="helper").exists():
    helper = User.objects.get(username="helper")
    assert helper.has_perm("search.view_miss") and helper.has_perm("search.change_wordgroup")
    assert helper.has_perm("desk.view_link")
if recovery_code := os.environ.get("RECOVERY_CODE"):
    typed = {"username": "stepped", "password": "password", "next": "/admin/"}
    assert client.post("/admin/login/", typed).status_code == 200, "a code is needed"
    assert client.post("/admin/login/", typed | {"code": recovery_code}).status_code == 302
host = Client(SERVER_NAME="localhost")
host.force_login(User.objects.create_superuser("former"))
assert host.get("/admin/search/wordgroup/").status_code == 200
"""


@pytest.fixture(scope="module")
def upgraded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Database]:
    """A database of version 1, migrated; Django's connection leads to it."""
    with empty_database("version_1") as database:
        load(database)
        with django_db_blocker.unblock(), using(database):
            check_migrations.cache_clear()
            change_second_step(database)
            call_command("migrate", verbosity=0)
            yield database
    check_migrations.cache_clear()


def change_second_step(database: Database) -> None:
    """As if it had been used: with a recovery code, and the counter of the last code."""
    with closing(database.connect()) as opened, opened.cursor() as cursor:
        cursor.execute(
            "UPDATE desk_secondstep SET recovery = ARRAY[%s], last_step = %s",
            [recovery_hash(RECOVERY_CODE), NOW // 30 - 1],
        )
        opened.commit()


def load(database: Database) -> None:
    text = gzip.decompress(VERSION_1.read_bytes()).decode()
    with closing(database.connect()) as opened, opened.cursor() as cursor:
        if opened.server_version < 170000:
            text = text.replace(PAST_17, "provider = libc")
        cursor.execute(f"SET check_function_bodies = off; {text}")
        opened.commit()


def schema(database: Database) -> str:
    """Tables with their columns in order, indexes, constraints, defaults, functions, triggers."""
    dump = program("pg_dump", connection.pg_version // 10_000)  # type: ignore[attr-defined]
    command = [str(dump.path), "--schema-only", "--no-owner", "--dbname", url_of(database)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.sub(r"^\\(un)?restrict .*\n", "", text, flags=re.MULTILINE)


def test_an_upgraded_schema_is_that_of_a_new_database(upgraded: Database, tmp_path: Path) -> None:
    skip_without_programs(upgraded)
    with empty_database("new") as database, empty_database("copy") as copy:
        with using(database):
            call_command("migrate", verbosity=0)
        # Restored as the other was: PostgreSQL then writes some constraints in other words.
        copy_database(database, copy, tmp_path / "dump")
        new = schema(copy)
    assert "CREATE FUNCTION public.search_refresh" in new
    assert schema(upgraded) == new


def test_second_steps_go_on(upgraded: Database) -> None:
    row = SecondStep.objects.get()
    app = TOTPDevice.objects.get(user=row.user)
    assert (app.last_t, app.created_at, app.confirmed) == (row.last_step, row.created_at, True)
    with time_machine.travel(NOW, tick=False):
        codes = [f"{TOTP(app.bin_key, t0=30 * back).token():06d}" for back in (1, 0)]
        assert verify(row.user, codes[0]) is None, "was used before the update"
    with time_machine.travel(NOW + 5, tick=False):
        assert verify(row.user, codes[1]) == app
    assert verify(row.user, RECOVERY_CODE.upper()).name == "Recovery codes"
    with time_machine.travel(NOW + 3600):
        assert verify(row.user, RECOVERY_CODE) is None
    row.refresh_from_db()
    assert row.recovery == [], "nor does a rollback bring it back"


def test_rows_are_read_by_the_renamed_models(upgraded: Database) -> None:
    counts = {
        model: model._default_manager.count()
        for model in (
            ZeroResultQuery, GuestWanted, Link, LinkSurvey, HubNotification,
            SocialCard, DailyDownloads, SignInAttempts, SecondStep,
        )
    }  # fmt: skip
    assert set(counts.values()) == {1}, counts
    assert SynonymGroup.objects.filter(shipped=False).count() == 1
    assert "dary" in Word.objects.get(word="diary").deletes
    client = Client(SERVER_NAME="localhost")
    assert client.get("/health").json() == {"status": "ok"}
    assert Episode.objects.get().slug in client.get("/search?q=redis").content.decode()


def test_permissions_hold_for_renamed_models(upgraded: Database) -> None:
    helper = User.objects.get(username="helper")
    assert helper.get_all_permissions() == {
        "search.view_miss", "search.view_zeroresultquery",
        "search.view_wordgroup", "search.view_synonymgroup",
        "search.change_wordgroup", "search.change_synonymgroup",
        "desk.view_link", "linkcheck.view_link",
    }  # fmt: skip
    copied = Permission.objects.get(codename="view_zeroresultquery")
    assert copied.name == "Can view search that found nothing"
    for group, lacking in (("Host", "search.add_synonymgroup"), ("Editor", "linkcheck.view_link")):
        app, codename = lacking.split(".")
        given = Group.objects.get(name=group).permissions
        assert given.filter(content_type__app_label=app, codename=codename).exists()


def test_what_was_logged_stands_in_the_history(upgraded: Database) -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("historian"))
    group = SynonymGroup.objects.get(words="outage, downtime")
    page = client.get(f"/admin/search/synonymgroup/{group.pk}/history/")
    assert page.content.decode().count("Synonyms agreed.") == 1


@pytest.mark.django_db
def test_a_database_that_is_too_old_gets_told_so(client: Client) -> None:
    check_migrations.cache_clear()
    recorded = MigrationRecorder.Migration.objects.filter(app="search")
    assert check_history(databases=["default"]) == []
    recorded.exclude(name__in=("0001_index", "0002_refresh")).delete()
    (problem,) = check_history(databases=["default"])
    assert isinstance(problem, Error)
    assert problem.msg == "This database is too old: it lacks " + ", ".join(
        f"search.{name}"
        for name in (
            "0003_suggest", "0004_questions", "0005_content", "0006_wanted",
            "0007_refresh_sooner", "0008_plain_sooner", "0009_sorted_in_at_once.",
        )
    )  # fmt: skip
    with pytest.raises(CommandError, match=f"1.0 .commit {STEP}. first and let it migrate"):
        call_command("migrate", skip_checks=False)
    assert client.get("/health").json() == {"status": "failing", "failed": "migrations"}


def user_with_second_step() -> str:
    """Returns a recovery code."""
    password = PBKDF2PasswordHasher().encode("password", "salt")
    user = User.objects.create(username="stepped", is_staff=True, password=password)
    secret = new_secret()
    enrolled = enrol(user, secret, f"{TOTP(base64.b32decode(secret)).token():06d}")
    assert enrolled
    return enrolled[1][0]


TYPEFACE = settings.BASE_DIR / "media" / "fonts" / "piazzolla.woff2"


@pytest.fixture(scope="module")
def former_code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The code of version 1, from the repository's history."""
    folder = tmp_path_factory.mktemp("former") / "code"
    git = ["git", "-C", str(settings.BASE_DIR), "worktree"]
    added = subprocess.run([*git, "add", "--detach", folder, STEP], capture_output=True, text=True)
    if added.returncode:
        pytest.skip(f"no commit {STEP} here: {added.stderr.strip()}")
    # A package that only its own requirements have.
    (folder / "font_source_serif_pro.py").write_text(
        f"from collections import defaultdict\nfont_files_otf = defaultdict(lambda: '{TYPEFACE}')\n"
    )
    yield folder
    subprocess.run([*git, "remove", "--force", folder], check=True)


@pytest.mark.production
@pytest.mark.slow
@pytest.mark.parametrize("made_by", ["former", "present"])
def test_the_former_code_runs_on_the_new_schema(
    former_code: Path, made_by: str, django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> None:
    """The way back, as docs/upgrade.md has it."""
    with empty_database("way_back") as database, django_db_blocker.unblock(), using(database):
        if made_by == "former":
            load(database)
        call_command("migrate", verbosity=0)
        if made_by == "present":
            factories.show()
            row = factories.episode(technologies=["Django"], topics=[(60, "Redis queues")])
            finish_edit(row, None, source="test")
        env = for_tests(url_of(database)) | {"MEDIA_ROOT": str(tmp_path)}
        if made_by == "present":
            env["RECOVERY_CODE"] = user_with_second_step()
        ran = subprocess.run(
            [sys.executable, "-c", FORMER_CODE],
            cwd=former_code, env=env, capture_output=True, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        migrated = subprocess.run(
            [sys.executable, "manage.py", "migrate"],
            cwd=former_code, env=env, capture_output=True, text=True,
        )  # fmt: skip
        assert "No migrations to apply." in migrated.stdout, migrated.stderr
