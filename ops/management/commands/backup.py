"""Make a backup, and remove what is too old."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from ops.backups.check import check
from ops.backups.console import refusals, report
from ops.backups.destinations import place
from ops.backups.make import make
from ops.backups.owner import refuse_others
from ops.backups.postgres import alone, own_database
from ops.backups.record import keep_record
from ops.backups.retention import remove_old


class Command(BaseCommand):
    help = (
        "Write the database and every stored file to BACKUP_URL; files that are there already "
        "aren't copied again. Older backups go: those of two days are kept, one of each of seven "
        "days, one of each week for BACKUP_DAYS, and always the newest that was verified."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="read it back afterwards: restore --check"
        )
        parser.add_argument(
            "--take-over",
            action="store_true",
            help="go on with the backups of another installation, which is gone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals(), alone():
            target, database = place(), own_database()
            if not options["take_over"]:
                refuse_others(target)
            made = make(target, database, self.stdout.write)
            keep_record(target)
            verdict = check(made, database) if options["check"] else None
            for name in remove_old(target, timezone.now()):
                self.stdout.write(f"{name}: removed, as it is old")
            keep_record(target)
            if verdict:
                report(made, verdict, self.stdout.write)
