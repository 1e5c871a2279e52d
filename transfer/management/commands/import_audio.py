from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from transfer.console import reporting
from transfer.importers.audio import import_audio


class Command(BaseCommand):
    help = (
        "Store a folder's recordings as the episodes' audio, matched by file name and checked "
        "against the sizes that the feed states. Stopped, it goes on when run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *, directory: Path, dry_run: bool, **options: object) -> None:
        with reporting(self.stdout, dry_run) as report:
            import_audio(directory, report)
