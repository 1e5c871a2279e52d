from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from transfer.console import opened_feed
from transfer.feed_comparison import compare
from transfer.importers.feed.fetch import Opened
from transfer.importers.feed.validation import Unreadable
from transfer.site_client import Site


class Command(BaseCommand):
    help = (
        "Compare two feeds as podcast apps do, item by item. Exit 1 if a GUID, enclosure, length "
        "or date differs, marked (!): apps would download episodes again or list them twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", metavar="OLD", help="file or address")
        parser.add_argument(
            "new", metavar="NEW", nargs="?", help="file or address; without it, this site's own"
        )
        parser.add_argument(
            "--withdrawn",
            action="append",
            default=[],
            metavar="GUID",
            help="an item that is meant to be missing from the new feed; may be repeated",
        )

    def handle(self, *, old: str, new: str | None, withdrawn: list[str], **options: object) -> None:
        try:
            with ExitStack() as stack:
                before = stack.enter_context(opened_feed(old))
                after = stack.enter_context(opened_feed(new) if new else own_feed())
                result = compare(before, after, frozenset(withdrawn))
        except Unreadable as failure:
            raise CommandError(str(failure.problem)) from failure
        for problem in result.problems:
            self.stdout.write(str(problem))
        for difference in result.differences:
            self.stdout.write(str(difference))
        grave = sum(difference.grave for difference in result.differences)
        self.stdout.write(
            f"{result.old:,} items before, {result.new:,} now. "
            f"Differences: {len(result.differences):,}, grave: {grave:,}. "
            f"Not readable: {len(result.problems):,}."
        )
        if result.grave:
            raise SystemExit(1)


@contextmanager
def own_feed() -> Iterator[Opened]:
    """The show's feed as this site would send it; no server needs to run."""
    path = reverse("feed")
    answer = Site().ask(path)
    if answer.status != 200:
        raise CommandError(f"Our own feed {path} answers {answer.status}.")
    yield Opened(BytesIO(answer.body()), path, settings.SITE_URL + path)
