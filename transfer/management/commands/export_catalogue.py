from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from text.problems import reason_of
from transfer.export.catalogue import export_catalogue
from transfer.export.folder import NotOurFolder


class Command(BaseCommand):
    help = (
        "Write everything to DIR as Markdown, data and media, from which import_jekyll makes the "
        "same catalogue. Again: brings an earlier export up to date."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *, directory: Path, **options: object) -> None:
        missing: list[str] = []
        try:
            count = export_catalogue(directory, missing.append)
        except NotOurFolder as refused:
            raise CommandError(str(refused)) from refused
        except OSError as failure:
            raise CommandError(reason_of(failure)) from failure
        for line in missing:
            self.stdout.write(line)
        self.stdout.write(f"{count} files in {directory}")
        if missing:
            raise SystemExit(1)
