from argparse import ArgumentParser
from contextlib import ExitStack

from django.core.management.base import BaseCommand, CommandError

from net.client import FetchError
from notes.importers.feed.comparing import compare
from notes.importers.feed.files import opened
from notes.importers.feed.survey import Unreadable


class Command(BaseCommand):
    help = (
        "Compare two feeds as podcast apps do, item by item. Exit 1 if a GUID, enclosure, length "
        "or date differs, marked (!): apps would download episodes again or list them twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", metavar="OLD", help="file or address")
        parser.add_argument("new", metavar="NEW", help="file or address")
        parser.add_argument(
            "--withdrawn",
            action="append",
            default=[],
            metavar="GUID",
            help="an item that is meant to be missing from the new feed; may be repeated",
        )

    def handle(self, *, old: str, new: str, withdrawn: list[str], **options: object) -> None:
        asked = old
        try:
            with ExitStack() as stack:
                before = stack.enter_context(opened(old))
                asked = new
                after = stack.enter_context(opened(new))
                result = compare(before, after, frozenset(withdrawn))
        except (*FetchError, OSError) as failure:
            raise CommandError(
                f"{asked}: {getattr(failure, 'strerror', None) or failure}"
            ) from failure
        except Unreadable as failure:
            raise CommandError(str(failure)) from failure
        for problem in result.problems:
            self.stdout.write(str(problem))
        for difference in result.differences:
            self.stdout.write(str(difference))
        grave = sum(difference.grave for difference in result.differences)
        self.stdout.write(
            f"{result.old} items before, {result.new} now; {len(result.differences)} differences, "
            f"{grave} of them grave; {len(result.problems)} items that can't be read"
        )
        if result.grave:
            raise SystemExit(1)
