from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from episodes.models import Episode
from transfer.console import ImportCommand
from transfer.importers.report import Report
from transfer.importers.transcript import find_episode, import_transcript


class Command(ImportCommand):
    help = (
        "Import an episode's transcript and replace the one it has. Running it again changes "
        "nothing. The file is WebVTT, SRT, Podcasting 2.0 JSON, or text with lines such as "
        "“Nick: 12:34”."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("episode", metavar="EPISODE", help="its number or slug")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--reviewed", action="store_true", help="a person has read it through")
        super().add_arguments(parser)

    def import_with(
        self, report: Report, *, episode: str, file: Path, reviewed: bool, **options: object
    ) -> None:
        try:
            found = find_episode(episode)
        except Episode.DoesNotExist as missing:
            raise CommandError(f"No episode has the number or slug “{episode}”.") from missing
        import_transcript(found, file, report, reviewed)
