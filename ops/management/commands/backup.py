"""Make a backup, and remove old ones."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ops.backups.check import check, mark_damaged, remove_packs, verified
from ops.backups.errors import reported
from ops.backups.make import make
from ops.backups.postgres import Database, default_database, exclusive
from ops.backups.repository import Backup, backups, record_backups, refuse_others
from ops.backups.restic import NO_DESTINATION, NoRepository, Repository, repository
from ops.backups.retention import prune, refuse_future, remove_old
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
            "--check",
            action="store_true",
            help="then check it, as restore --check does, store again what is damaged, and free "
            "the space of old backups",
        )
        parser.add_argument(
            "--take-over",
            action="store_true",
            help="continue the backups of another installation, which is gone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BACKUP_URL:  # no failure: nobody has asked for backups here
            raise CommandError(NO_DESTINATION)
        # Two jobs, or an hourly success would hide that the nightly check failed.
        job = "backup" if options["check"] else "hourly_backup"
        with recorded(job), reported(), exclusive():
            target, database = repository(), default_database()
            try:
                target.run("unlock")  # of what a killed run left
            except NoRepository:
                target.run("init")
            if not options["take_over"]:
                refuse_others(target)
            clock = self.read_clock(target)
            backup = make(target, database, clock, self.stdout.write)
            if options["check"]:
                self.check_one(target, database, clock, backup)
            else:
                self.remove_old(target, clock)
            refuse_future(backups(target), clock)

    def check_one(
        self, target: Repository, database: Database, clock: Clock, backup: Backup
    ) -> None:
        record_backups(target)
        result = check(backup, database)
        if result.packs:
            packs = ", ".join(sorted(result.packs))
            self.stdout.write(f"Damaged, and so removed from {target}: {packs}")
            remove_packs(target, result.packs)
            backup = make(target, database, clock, self.stdout.write)
            mark_damaged(target)
            result = check(backup, database)
        self.remove_old(target, clock)
        prune(target)
        self.stdout.write(verified(backup, result))

    def remove_old(self, target: Repository, clock: Clock) -> None:
        for name in remove_old(target, clock):
            self.stdout.write(f"{name}: removed, as it is old")
        record_backups(target)

    def read_clock(self, target: Repository) -> Clock:
        """Says why nothing will be removed, if it has jumped."""
        now = timezone.now()
        earlier = (backup.made_at for backup in backups(target) if backup.made_at <= now)
        clock = read_clock(next(earlier, None))
        if not clock.is_settled:
            self.stdout.write(f"{jump(clock)} No backup is removed until it has been right a day.")
        return clock
