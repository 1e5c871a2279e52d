from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from transfer.console import opened_feed, reporting
from transfer.importers.feed.importer import import_feed


class Command(BaseCommand):
    help = (
        "Import a podcast's RSS feed: the show, its episodes, guests, topics, chapters and "
        "transcripts. Again: changes nothing. Linked files are fetched, but none in a private "
        "network."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("feed", metavar="FILE_OR_URL")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen; transcripts aren't read"
        )

    def handle(self, *, feed: str, dry_run: bool, **options: object) -> None:
        with reporting(self.stdout, dry_run) as report, opened_feed(feed) as file:
            import_feed(file, report)
