from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse

from show.models import Show
from transfer.console import TransferCommand
from transfer.feed_comparison import compare
from transfer.importers.feed.fetch import OpenedFeed, opened
from transfer.site_client import SiteClient


class Command(TransferCommand):
    help = (
        "Compare two feeds with all their pages as podcast apps do: the show, then item by item, "
        "also descriptions and flags. Exit 1 if a GUID, enclosure, length or date differs, marked "
        "(!): apps would download episodes again or list them twice."
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
        with opened(old) as before, opened(new) if new else own_feed() as after:
            zone = Show.objects.current().zone
            result = compare(before, after, frozenset(withdrawn), zone)
        for line in (*result.problems, *result.differences):
            self.stdout.write(str(line))
        if result.repeated:
            self.stdout.write(
                f"Lines that most of the old descriptions have, not compared: {result.repeated:,}"
            )
        self.stdout.write(
            f"{result.old:,} items before, {result.new:,} now. "
            f"Differences: {len(result.differences):,}, grave: {result.grave_differences:,}. "
            f"Not readable: {len(result.problems):,}."
        )
        if result.is_grave:
            raise SystemExit(1)


@contextmanager
def own_feed() -> Iterator[OpenedFeed]:
    """The show's feed as this site would send it, page by page; no server needs to run."""
    with own_page(settings.SITE_URL + reverse("feed")) as page:
        yield page


@contextmanager
def own_page(address: str) -> Iterator[OpenedFeed]:
    path = address.removeprefix(settings.SITE_URL)
    response = SiteClient().get(path)
    if response.status_code != 200:
        raise CommandError(f"Our own feed {path} answers {response.status_code}.")
    yield OpenedFeed(BytesIO(b"".join(response)), path, address, open_page=own_page)
