"""A week of hourly backups takes at most 1.5 times the room of one.

./run bench backups [--episodes 1000] [--hours 168] [--recordings 20] [--folder DIR]

Makes a catalogue (bench/growth.py), recordings of an hour each, and backups in a folder, and
prints how long a backup, its check and a restore take. Each made-up hour edits an episode and
counts downloads.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from bench.growth import database_with, execute, name
from bench.measuring import Figures
from episodes.models import Episode
from notes.apply import finish_edit
from ops.backups.restic import repository
from ops.backups.retention import prune
from ops.models import BackupRecord, DailyDownloads
from show.models import ClockReading

MOST = 1.5
MEGABYTE = 1_000_000
RECORDING = 57_600_000  # bytes of an hour


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--episodes", type=int, default=1000)
    arguments.add_argument("--hours", type=int, default=168)
    arguments.add_argument("--recordings", type=int, default=20)
    arguments.add_argument("--folder", type=Path, help="for everything; a temporary one")
    arguments.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.step:
        STEPS[options.step](options.hours)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(Path(folder), options)


def measure(folder: Path, options: argparse.Namespace) -> None:
    """Run each step in a process of its own, whose settings name the catalogue and the folder."""
    for each in ("destination", "media/audio"):
        (folder / each).mkdir(parents=True)
    for number in range(options.recordings):
        (folder / f"media/audio/{number}.mp3").write_bytes(os.urandom(RECORDING))
    url = database_with(options.episodes)
    restored = f"{name(options.episodes)}_restored"
    execute(f'DROP DATABASE IF EXISTS "{restored}"')
    execute(f'CREATE DATABASE "{restored}" TEMPLATE template0 ENCODING UTF8')
    places = {
        "BACKUP_URL": f"file://{folder}/destination",
        "BACKUP_CACHE": str(folder / "cache"),
        "BACKUP_PASSWORD": "of-the-measurement",  # pragma: allowlist secret
    }
    for step in STEPS:
        into = step == "restore"
        run = {
            "DATABASE_URL": url.replace(f"/{name(options.episodes)}", f"/{restored}")
            if into
            else url,
            "MEDIA_ROOT": str(folder / ("restored" if into else "media")),
        }
        command = [sys.executable, "-m", "bench", "backups", "--step", step]
        command += ["--hours", str(options.hours)]
        env = os.environ | places | run
        subprocess.run(command, check=True, cwd=settings.BASE_DIR, env=env)
    execute(f'DROP DATABASE "{restored}"')


def first(hours: int) -> None:
    BackupRecord.objects.all().delete()
    ClockReading.objects.all().delete()  # an earlier week's made-up one
    timed("first backup", "backup")
    timed("next backup", "backup")
    timed("backup with its check", "backup", check=True)
    print(f"The repository has {stored() / MEGABYTE:.1f} MB.")


def restore(hours: int) -> None:
    timed("restore", "restore")


def week(hours: int) -> None:
    """Edits and backups, hour by hour."""
    figures, before, now = Figures(), stored(), timezone.now()
    dice = random.Random(1)
    most = before
    for hour in range(1, hours + 1):
        moment = now + timedelta(hours=hour)
        with mock.patch("django.utils.timezone.now", lambda moment=moment: moment):
            edit(dice)
            call_command("backup", stdout=StringIO())
            most = max(most, stored())
            if hour % 24 == 0:
                prune(repository())
                added = (stored() - before) / MEGABYTE
                print(f"day {hour // 24}: {added:.1f} MB more than before", flush=True)
    figures.at_most(f"{hours} hourly backups, of one's size", most / before, MOST, "×")
    figures.print()


def edit(dice: random.Random) -> None:
    """What an hour changes: an episode's notes, and downloads of many."""
    episodes = Episode.objects.published()
    episode = episodes[dice.randrange(episodes.count())]
    episode.summary = f"{episode.summary} {dice.random()}"[-500:]
    episode.save()
    finish_edit(episode, None, "desk")
    today = timezone.now().date()
    for each in episodes.order_by("?")[:100]:
        row, _ = DailyDownloads.objects.get_or_create(episode=each, day=today)
        row.count += 1
        row.save()


def timed(what: str, *command: str, **options: Any) -> None:
    begun = time.perf_counter()
    call_command(*command, **options)
    print(f"{what}: {time.perf_counter() - begun:.1f} s", flush=True)


def stored() -> int:
    """Bytes in the repository."""
    folder = repository().folder
    assert folder
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


STEPS: dict[str, Callable[[int], None]] = {"first": first, "restore": restore, "week": week}
