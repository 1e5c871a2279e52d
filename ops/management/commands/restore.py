"""Make a site of a backup again, or prove that it could be done."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ops.backups.check import check
from ops.backups.console import refusals, report, shown
from ops.backups.destinations import place
from ops.backups.errors import BackupError
from ops.backups.postgres import alone, database_at, own_database
from ops.backups.record import keep_record
from ops.backups.repository import backups, chosen
from ops.backups.restore import restore


class Command(BaseCommand):
    help = (
        "Fill the empty database of DATABASE_URL and the media storage from a backup in "
        "BACKUP_URL; --check only proves that it could be done, in a scratch database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", nargs="?", help="its name; the newest where none is given")
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--check", action="store_true", help="compare every row and file, and change nothing"
        )
        what.add_argument("--list", action="store_true", help="which backups there are")
        parser.add_argument(
            "--on", metavar="URL",
            help="with --check: another server, such as a newer one, as postgres://USER@HOST/NAME",
        )  # fmt: skip

    def handle(self, *args: Any, backup: str | None, **options: Any) -> None:
        with refusals():
            if options["on"] and not options["check"]:
                raise BackupError("--on goes with --check; to restore, set DATABASE_URL.")
            if options["list"]:
                self.list()
            elif options["check"]:
                self.check_one(backup, options["on"])
            else:
                self.restore(backup)

    def list(self) -> None:
        for backup in backups(place()):
            self.stdout.write(shown(backup))

    def check_one(self, name: str | None, on: str | None) -> None:
        with alone():
            target = place()
            backup = chosen(target, name)
            server = database_at(on) if on else own_database()
            verdict = check(backup, server, elsewhere=bool(on))
            keep_record(target)
            report(backup, verdict, self.stdout.write)

    def restore(self, name: str | None) -> None:
        with alone():
            target = place()
            backup = chosen(target, name)
            damaged = restore(backup, own_database(), self.stdout.write)
            keep_record(target)
            if damaged:
                raise BackupError("Restored, but for this:\n" + "\n".join(damaged))
            self.stdout.write("Every row is as it was. Now: manage.py migrate, manage.py rerender")
            if not any(table.endswith("ops_installation") for table in backup.manifest.tables):
                self.stdout.write(
                    "It is from before backups told whose they are. To go on at the same place: "
                    "manage.py backup --take-over, once"
                )
