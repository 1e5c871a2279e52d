from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from episodes.models import Episode
from transfer.console import reporting
from transfer.importers.transcript import find_episode, import_transcript


class Command(BaseCommand):
    help = (
        "Import an episode's transcript, replacing the one it has. Again: changes nothing. "
        "WebVTT, SRT, Podcasting 2.0 JSON, or text with lines such as “Nick: 12:34”."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("episode", metavar="EPISODE", help="its number or slug")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--reviewed", action="store_true", help="a person has read it through")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(
        self, *, episode: str, file: Path, reviewed: bool, dry_run: bool, **options: object
    ) -> None:
        try:
            found = find_episode(episode)
        except Episode.DoesNotExist as missing:
            raise CommandError(f"No episode has the number or slug “{episode}”.") from missing
        with reporting(self.stdout, dry_run) as report:
            import_transcript(found, file, report, reviewed)
