"""Base classes of this package's commands."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg2.errors import UndefinedColumn, UndefinedTable

from text.problems import reason_of
from transfer.importers.report import Report

MIGRATE_FIRST = (
    f"The database lacks tables or columns of this version. Run: {settings.MANAGE_COMMAND} migrate"
)
PROGRESS_SECONDS = 10  # between two lines of progress in a log
INTERRUPTED = 130  # the shell's exit code after Ctrl-C: 128 and the signal's number


class Progress:
    """Shows how far a command is: in one line of a terminal, now and then in a log."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out, self.is_terminal = out, out.isatty()
        self.longest, self.shown_at = 0, time.monotonic()

    def __call__(self, words: str) -> None:
        if self.is_terminal:
            self.longest = max(self.longest, len(words))
            self.out.write(f"\r{words:<{self.longest}}", ending="")
        elif time.monotonic() - self.shown_at >= PROGRESS_SECONDS:
            self.out.write(words)
            self.shown_at = time.monotonic()
        self.out.flush()

    def finish(self) -> None:
        """Begin a new line after the progress in a terminal."""
        if self.longest:
            self.out.write("")


def require_migrated() -> None:
    """Raise CommandError, with what to run, where not all migrations have been applied."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(MIGRATE_FIRST)


class TransferCommand(BaseCommand):
    """Reports a missing file, or a database that isn't migrated, in one line."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Django's own prints a notice and goes on. Raises CommandError."""
        require_migrated()

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except OSError as failure:
            raise CommandError(reason_of(failure)) from failure
        except ProgrammingError as wrong:
            if isinstance(wrong.__cause__, UndefinedTable | UndefinedColumn):
                raise CommandError(MIGRATE_FIRST) from wrong
            raise


class ImportCommand(TransferCommand):
    """Prints the report of an import; exits with 1 where it has errors."""

    dry_run_help = "print what would happen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help=self.dry_run_help)

    def handle(self, *args: Any, dry_run: bool, theirs: bool = False, **options: Any) -> None:
        self.stdout.ending = ""  # Django would add a line break to each count of the progress
        report = Report(self.stdout, dry_run, theirs)
        try:
            self.import_with(report, **options)
        except KeyboardInterrupt as stopped:
            report.finish()
            message = "Stopped. No episode is half imported; run it again to go on."
            raise CommandError(message, returncode=INTERRUPTED) from stopped
        report.finish()
        if report.has_errors:
            raise SystemExit(1)

    def import_with(self, report: Report, *args: Any, **options: Any) -> None:
        """Run the import. Each episode has a transaction of its own, so Ctrl-C loses none."""
        raise NotImplementedError


class MergeCommand(ImportCommand):
    """An import that merges what its source changed since the last time."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--theirs",
            action="store_true",
            help="where both you and the source changed something, take the source's",
        )
