"""Two installations with one destination would remove each other's backups."""

import json
from pathlib import Path
from typing import Any

import pytest

from ops.backups.restic import repository
from ops.database import default_database
from ops.models import Installation
from ops.tests.installations import command, empty_database, every_file, every_row, using
from ops.tests.sites import Site, copy_database, names, packs, refusal

pytestmark = pytest.mark.slow


def test_another_catalogue_is_refused_until_it_takes_over(site: Site, tmp_path: Path) -> None:
    """As when a machine was reinstalled and nothing restored."""
    before = every_file(site.destination)
    with empty_database("other") as other:
        copy_database(default_database(), other, tmp_path / "dump")
        with using(other):
            Installation.objects.all().delete()  # never backed up yet
            found = refusal("backup", check=True)
            assert f"{site.destination} has backups of another catalogue of " in found
            assert "restore one first" in found and "BACKUP_URL" in found
            assert every_file(site.destination) == before
            assert "verified" in command("backup", check=True, take_over=True)
            command("backup")  # once is enough
    assert "backups of another catalogue" in refusal("backup")
    assert len(names()) == 3


def test_a_copy_on_another_host_is_refused(site: Site, settings: Any) -> None:
    own = settings.SITE_URL.partition("//")[2]
    settings.SITE_URL = "https://staging.example.org"
    settings.MANAGE_COMMAND = "podcast-manage"
    found = refusal("backup")
    assert f"has backups of {own}, and this is staging.example.org" in found
    assert "podcast-manage backup --take-over" in found and "restore" not in found
    assert len(names()) == 1
    command("backup", take_over=True)  # a show that has moved
    command("backup")


def test_a_restored_site_continues_its_backups(site: Site, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        command("restore")
        before = sum(packs(site).values())
        command("backup")
        assert sum(packs(site).values()) - before < before / 3
        assert every_row(restored) == every_row(site.database)


def test_snapshots_of_others_are_left_alone(site: Site) -> None:
    """As of an operator who uses the repository for the machine, too."""
    run = repository().run
    run("backup", "--host=machine", str(site.media))
    command("backup", check=True)
    assert len(names()) == 2
    assert len(json.loads(run("snapshots", "--json"))) == 3
