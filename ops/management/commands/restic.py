"""restic itself, on the repository of the backups: restic ARGS."""

import os
from argparse import REMAINDER
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ops.backups.errors import BackupError, reported
from ops.backups.restic import UNENCRYPTED, program, repository


class Command(BaseCommand):
    help = (
        "Run restic on the backups of BACKUP_URL, whose password it gets: `restic snapshots`, "
        "`restic dump ID PATH`. `restic help` lists its commands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("arguments", nargs=REMAINDER, help="restic's own")

    def handle(self, *args: Any, arguments: list[str], **options: Any) -> None:
        with reported():
            target, path = repository(), program()
            if "RESTIC_PASSWORD" not in target.environment:
                raise BackupError(UNENCRYPTED)
        command = ["restic", *target.options, *arguments]
        os.execve(path, command, {**os.environ, **target.environment})  # noqa: S606
