from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from net.client import FetchError
from notes.importers.feed.files import opened
from notes.importers.feed.importing import import_feed
from notes.importers.report import Report


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
        report = Report(self.stdout, dry_run)
        try:
            with opened(feed) as file:
                import_feed(file, report)
        except FetchError as failure:
            raise CommandError(f"{feed}: {failure}") from failure
        except OSError as failure:
            raise CommandError(f"{feed}: {failure.strerror or failure}") from failure
        self.stdout.write(report.summary())
        if report.has_errors:
            raise SystemExit(1)
