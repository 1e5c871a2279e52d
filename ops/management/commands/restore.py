"""Restore a backup, or prove that it can be restored."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from ops.backups.errors import BackupError, reported
from ops.backups.postgres import exclusive
from ops.backups.repository import Backup, backups, record_backups
from ops.backups.restic import Repository, repository
from ops.backups.restore import check, report, restore
from ops.database import database_at, default_database
from ops.former_backups.store import FormerBackup, former_backups
from ops.jobs import forget_runs
from ops.models import BackupRecord
from show.clock.jumps import Clock


class Command(BaseCommand):
    help = (
        "Restore the empty database of DATABASE_URL and the media storage from a backup in "
        "BACKUP_URL; --check only proves, in a scratch database, that this is possible."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", nargs="?", help="its name; without one, the newest")
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument(
            "--check",
            action="store_true",
            help="compare every row, read every file, change nothing",
        )
        mode.add_argument("--list", action="store_true", help="list the backups")
        parser.add_argument(
            "--on", metavar="URL",
            help="with --check: another server, such as a newer one, as postgres://USER@HOST/NAME",
        )  # fmt: skip

    def handle(self, *args: Any, backup: str | None, **options: Any) -> None:
        with reported():
            if options["on"] and not options["check"]:
                raise BackupError("--on goes with --check; to restore, set DATABASE_URL.")
            target = repository()
            own, former = self.backups(target, backup, options["list"])
            both: list[Backup] = [*own, *former]
            found = sorted(both, key=lambda each: each.made_at, reverse=True)
            if options["list"]:
                for each in found:
                    self.stdout.write(each.summary)
                if not found:  # such as by a wrong prefix
                    self.stderr.write(f"There is no backup in {target}.")
                return
            with exclusive():
                chosen = self.choose(target, found, backup)
                if options["check"]:
                    self.check_one(target, chosen, options["on"])
                else:
                    self.restore(own, chosen)

    def backups(
        self, target: Repository, name: str | None, is_list: bool
    ) -> tuple[list[Backup], list[FormerBackup]]:
        """restic's and former ones; the latter alone where they are asked for without password."""
        former = former_backups(target)
        try:
            return backups(target), former
        except BackupError as error:
            if not former or not (is_list or name in [each.name for each in former]):
                raise
            self.stderr.write(f"Of the former format alone: {error}")
            return [], former

    def choose(self, target: Repository, found: list[Backup], name: str | None) -> Backup:
        """The backup of this name, or the newest that isn't dated in the future."""
        if not found:
            raise BackupError(f"There is no backup in {target}. `backup` makes one.")
        if name is not None:
            for each in found:
                if each.name == name:
                    return each
            names = ", ".join(each.name for each in found)
            raise BackupError(f"There is no backup “{name}” in {target}. There are: {names}.")
        clock = Clock(timezone.now())
        believable = [each for each in found if not clock.is_future(each.made_at)] or found
        chosen = believable[0]
        if later := [each.name for each in found if each.made_at > chosen.made_at]:
            # The clock was wrong then, or it is now.
            self.stdout.write(
                f"{chosen.name} is taken. Dated in the future: {', '.join(later)}. If one of them "
                "is the newest after all, name it."
            )
        return chosen

    def check_one(self, target: Repository, backup: Backup, on: str | None) -> None:
        if isinstance(backup, FormerBackup):
            raise BackupError(f"{backup.name} is of the former format, which is only restored.")
        try:
            server = database_at(on) if on else default_database()
        except ValueError as error:
            raise BackupError(str(error)) from error
        problems, _ = check(backup, server, elsewhere=bool(on))
        # The database is empty before a restore, and after one that failed.
        if BackupRecord._meta.db_table in connection.introspection.table_names():
            record_backups(backups(target))
        report(backup, problems, self.stdout.write)

    def restore(self, found: list[Backup], backup: Backup) -> None:
        damaged = restore(backup, default_database(), self.stdout.write)
        record_backups(found)
        forget_runs()
        if damaged:
            raise BackupError("Restored, except for this:\n" + "\n".join(damaged))
        manage = settings.MANAGE_COMMAND
        self.stdout.write(f"Every row is as it was. Now: {manage} migrate && {manage} rerender")
