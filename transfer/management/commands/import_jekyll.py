from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from transfer.console import reporting
from transfer.importers.jekyll.importer import import_jekyll


class Command(BaseCommand):
    help = "Import a checkout of the Jekyll site this one replaces. Again: changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *, directory: Path, dry_run: bool, **options: object) -> None:
        with reporting(self.stdout, dry_run) as report:
            import_jekyll(directory, report)
