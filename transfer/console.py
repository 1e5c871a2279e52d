"""Base classes of this package's commands."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from text.problems import reason_of
from transfer.importers.report import Report

INTERRUPTED = 130  # the shell's exit code after Ctrl-C: 128 and the signal's number


class TransferCommand(BaseCommand):
    """Reports an error of the operating system, such as a missing file, in one line."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except OSError as failure:
            raise CommandError(reason_of(failure)) from failure


class ImportCommand(TransferCommand):
    """Prints the report of an import; exits with 1 where it has errors."""

    dry_run_help = "print what would happen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help=self.dry_run_help)

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        self.stdout.ending = ""  # Django would add a line break to each count of the progress
        report = Report(self.stdout, dry_run)
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
