from argparse import ArgumentParser
from pathlib import Path

from transfer.console import MergeCommand
from transfer.importers.report import Report
from transfer.importers.show_notes.importer import import_show_notes


class Command(MergeCommand):
    help = (
        "Import files of show notes, each with one or many episodes. Running it again takes "
        "what only the files changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--facts", type=Path, help="tab-separated: number, date, slug, bytes, seconds, …"
        )
        super().add_arguments(parser)

    def import_with(
        self, report: Report, *, files: list[Path], facts: Path | None, **options: object
    ) -> None:
        import_show_notes(files, facts, report)
