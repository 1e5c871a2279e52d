from argparse import ArgumentParser

from transfer.console import MergeCommand
from transfer.importers.feed.fetch import opened
from transfer.importers.feed.importer import import_feed
from transfer.importers.report import Report


class Command(MergeCommand):
    help = (
        "Import a podcast's RSS feed with all its pages: the show, its episodes, guests, topics, "
        "chapters and transcripts. Running it again takes what only the feed changed. Linked files "
        "are fetched, but never from a private network. At the end it lists what it didn't take."
    )
    dry_run_help = "print what would happen; transcripts aren't read"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("feed", metavar="FILE_OR_URL")
        parser.add_argument(
            "--another-show",
            action="store_true",
            help="import a feed that has neither this show's title nor its GUID nor its episodes",
        )
        super().add_arguments(parser)

    def import_with(
        self, report: Report, *, feed: str, another_show: bool, **options: object
    ) -> None:
        with opened(feed) as file:
            show = import_feed(file, report, only_ours=not another_show)
        if show is not None:
            report.gaps(show)
