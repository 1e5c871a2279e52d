"""Make a backup, and remove old ones."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from ops.backups.destinations import Destination, destination
from ops.backups.errors import reported
from ops.backups.make import make
from ops.backups.postgres import default_database, exclusive
from ops.backups.repository import backups, record_backups, refuse_others
from ops.backups.restore import check, report
from ops.backups.retention import refuse_future, remove_old
from ops.jobs import recorded
from show.clock.jumps import Clock
from show.clock.reading import jump, read_clock


class Command(BaseCommand):
    help = (
        "Write the database and all new stored files to BACKUP_URL, and remove old backups. All of "
        "two days remain, one a day for seven days, one a week for BACKUP_DAYS, and always the "
        "newest verified one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="then check it, as restore --check does"
        )
        parser.add_argument(
            "--take-over",
            action="store_true",
            help="continue the backups of another installation, which is gone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with recorded("backup"), reported(), exclusive():
            target, database = destination(), default_database()
            if not options["take_over"]:
                refuse_others(target)
            clock = self.read_clock(target)
            backup = make(target, database, clock, self.stdout.write)
            record_backups(target)
            result = check(backup, database) if options["check"] else None
            for name in remove_old(target, clock):
                self.stdout.write(f"{name}: removed, as it is old")
            record_backups(target)
            if result:
                report(backup, result, self.stdout.write)
            refuse_future(backups(target), clock)

    def read_clock(self, target: Destination) -> Clock:
        """Says why nothing will be removed, if it has jumped."""
        now = timezone.now()
        earlier = (backup.made_at for backup in backups(target) if backup.made_at <= now)
        clock = read_clock(next(earlier, None))
        if not clock.is_settled:
            self.stdout.write(f"{jump(clock)} No backup is removed until it has been right a day.")
        return clock
