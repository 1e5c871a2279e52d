"""Restore a backup, or prove that it can be restored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ops.backups.destinations import Destination, destination
from ops.backups.errors import BackupError, reported
from ops.backups.postgres import database_at, default_database, exclusive
from ops.backups.repository import Backup, backups, get_backup, record_backups
from ops.backups.restore import check, report, restore


class Command(BaseCommand):
    help = (
        "Restore the empty database of DATABASE_URL and the media storage from a backup in "
        "BACKUP_URL; --check only proves, in a scratch database, that this is possible."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", nargs="?", help="its name; without one, the newest")
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument(
            "--check", action="store_true", help="compare every row and file, and change nothing"
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
            target = destination()
            if options["list"]:
                for each in backups(target):
                    self.stdout.write(each.summary)
                return
            with exclusive():
                chosen = get_backup(target, backup)
                if backup is None:
                    self.name_later(target, chosen)
                if options["check"]:
                    self.check_one(target, chosen, options["on"])
                else:
                    self.restore(target, chosen)

    def name_later(self, target: Destination, chosen: Backup) -> None:
        """The newest is dated in the future: the clock was wrong then, or it is now."""
        later = [each.name for each in backups(target) if each.made_at > chosen.made_at]
        if later:
            self.stdout.write(
                f"{chosen.name} is taken. Dated in the future: {', '.join(later)}. If one of them "
                "is the newest after all, name it."
            )

    def check_one(self, target: Destination, backup: Backup, on: str | None) -> None:
        server = database_at(on) if on else default_database()
        result = check(backup, server, elsewhere=bool(on))
        record_backups(target)
        report(backup, result, self.stdout.write)

    def restore(self, target: Destination, backup: Backup) -> None:
        damaged = restore(backup, default_database(), self.stdout.write)
        record_backups(target)
        if damaged:
            raise BackupError("Restored, except for this:\n" + "\n".join(damaged))
        self.stdout.write("Every row is as it was. Now: manage.py migrate, manage.py rerender")
        if not any(table.endswith("ops_installation") for table in backup.manifest.tables):
            self.stdout.write(
                "This backup is too old to name its owner. To continue at the same destination: "
                "manage.py backup --take-over, once"
            )
