from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from notes.importers.jekyll.site import import_jekyll
from notes.importers.report import Report


class Command(BaseCommand):
    help = "Import a checkout of the Jekyll site this one replaces. Again: changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *, directory: Path, dry_run: bool, **options: object) -> None:
        report = Report(self.stdout, dry_run)
        try:
            import_jekyll(directory, report)
        except OSError as failure:
            raise CommandError(f"{failure.filename}: {failure.strerror}") from failure
        self.stdout.write(report.summary())
        if report.has_errors:
            raise SystemExit(1)
