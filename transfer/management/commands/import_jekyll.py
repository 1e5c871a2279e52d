from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from show.models import Show
from transfer.console import MergeCommand
from transfer.importers.archive.importer import import_archive, is_archive
from transfer.importers.jekyll.importer import import_jekyll
from transfer.importers.jekyll.settings import CONFIG
from transfer.importers.report import Report


class Command(MergeCommand):
    help = (
        "Import a checkout of the Jekyll site that this one replaces; running it again takes what "
        "only the site changed. Or import what export_catalogue wrote, whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        super().add_arguments(parser)

    def import_with(self, report: Report, *, directory: Path, **options: object) -> None:
        if not (directory / CONFIG).is_file():
            raise CommandError(
                f"{directory}: has no {CONFIG}. Give the folder of the site that has it."
            )
        import_folder = import_archive if is_archive(directory) else import_jekyll
        with report.in_one_transaction():
            import_folder(directory, report)
            report.gaps(Show.objects.current())
