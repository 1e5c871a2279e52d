from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from transfer.console import reporting
from transfer.importers.show_notes.importer import import_show_notes


class Command(BaseCommand):
    help = "Import files of show notes, one or many episodes each. Again: changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--facts", type=Path, help="tab-separated: number, date, slug, bytes, seconds, …"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(
        self, *, files: list[Path], facts: Path | None, dry_run: bool, **options: object
    ) -> None:
        with reporting(self.stdout, dry_run) as report:
            import_show_notes(files, facts, report)
