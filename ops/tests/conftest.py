"""An installation that is filled and backed up once for the tests of a module."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from deploy.local.prepare import load_sample
from episodes.models import Enclosure, Episode
from guests.models import Guest
from ops.backups import programs, restic
from ops.backups.errors import BackupError
from ops.backups.postgres import major_version
from ops.database import Database, default_database
from ops.tests.installations import command, empty_database, using, write
from ops.tests.sites import FILES, ODD, PASSWORD, Site, copy_database


@pytest.fixture(scope="package")
def catalogue(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database with a committed catalogue."""
    with empty_database("filled") as database:
        skip_without_programs(database)
        copy_database(default_database(), database, tmp_path_factory.mktemp("schema") / "dump")
        with django_db_blocker.unblock(), using(database):
            call_command("migrate", verbosity=0)  # when these tests run alone
            load_sample()
            Guest.objects.create(name="Zoë", slug="zoe", introduction=ODD)
            User.objects.create_superuser("nick", "nick@example.org", "password")
            Episode.objects.filter(pk=Episode.objects.earliest("pk").pk).update(
                deleted_at=timezone.now()
            )
            newest = Enclosure.objects.latest("pk")
            newest.file = "audio/1f/one.mp3"
            newest.save()
        yield database


@pytest.fixture(scope="module")
def filled(catalogue: Database, django_db_blocker: Any) -> Iterator[Database]:
    """Django's connection is to the catalogue."""
    with django_db_blocker.unblock(), using(catalogue):
        yield catalogue


def skip_without_programs(database: Database) -> None:
    with closing(database.connect()) as opened:
        server = major_version(opened)
    try:
        programs.program("pg_dump", server)
        restic.program()
    except BackupError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def backed_up(filled: Database, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with one verified backup, of which each test gets a copy."""
    folder = tmp_path_factory.mktemp("site")
    site = Site(filled, folder / "media", folder / "destination")
    settings = {"BACKUP_URL": f"file://{site.destination}", "BACKUP_PASSWORD": PASSWORD}
    site.destination.mkdir()
    for name, content in FILES.items():
        write(site.media / name, content)
    with override_settings(MEDIA_ROOT=site.media, BACKUP_CACHE=folder / "cache", **settings):
        assert "verified, " in command("backup", check=True)
    return site


@pytest.fixture
def site(backed_up: Site, tmp_path: Path, settings: Any) -> Site:
    own = Site(backed_up.database, tmp_path / "media", tmp_path / "destination")
    shutil.copytree(backed_up.media, own.media)  # with the files' times
    shutil.copytree(backed_up.destination, own.destination)
    settings.MEDIA_ROOT, settings.BACKUP_URL = own.media, f"file://{own.destination}"
    settings.BACKUP_PASSWORD, settings.BACKUP_CACHE = PASSWORD, tmp_path / "cache"
    return own
