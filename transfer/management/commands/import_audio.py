from argparse import ArgumentParser
from pathlib import Path

from transfer.console import ImportCommand
from transfer.importers.audio import import_audio
from transfer.importers.report import Report


class Command(ImportCommand):
    help = (
        "Store a folder's recordings as the episodes' audio, matched by file name and checked "
        "against the sizes in the feed. After an interruption, run it again to go on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        super().add_arguments(parser)

    def import_with(self, report: Report, *, directory: Path, **options: object) -> None:
        import_audio(directory, report)
