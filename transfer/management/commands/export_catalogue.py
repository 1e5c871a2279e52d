from argparse import ArgumentParser
from pathlib import Path

from transfer.console import TransferCommand
from transfer.export.catalogue import export_catalogue


class Command(TransferCommand):
    help = (
        "Write everything to DIR as Markdown, data and media; import_jekyll makes the same "
        "catalogue from it. Running it again updates an earlier export."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *, directory: Path, **options: object) -> None:
        missing: list[str] = []
        count = export_catalogue(directory, missing.append)
        for line in missing:
            self.stdout.write(line)
        self.stdout.write(f"{count} files in {directory}")
        if missing:
            raise SystemExit(1)
