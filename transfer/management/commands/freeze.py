from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from text.problems import reason_of
from transfer.export.folder import NotOurFolder
from transfer.freeze.crawl import BrokenLinks
from transfer.freeze.site_copy import freeze
from transfer.site_client import COLLECT_FIRST


class Command(BaseCommand):
    help = (
        "Write every public page, feed and sitemap to DIR as plain files, with an nginx file that "
        "serves them under the same addresses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument(
            "--listen", default="80", metavar="[ADDRESS:]PORT", help="where nginx listens; 80"
        )

    def handle(self, *, directory: Path, listen: str, **options: object) -> None:
        if not settings.STATIC_ROOT or not Path(settings.STATIC_ROOT).is_dir():
            raise CommandError(COLLECT_FIRST)
        try:
            crawl = freeze(directory, listen, self._progress)
        except BrokenLinks as broken:
            raise CommandError(
                f"Nothing is written, the site's own links break:\n{broken}"
            ) from broken
        except NotOurFolder as refused:
            raise CommandError(str(refused)) from refused
        except OSError as failure:
            raise CommandError(reason_of(failure)) from failure
        if crawl.without_audio:
            count, first = len(crawl.without_audio), crawl.without_audio[0]
            self.stdout.write(f"{count} audio addresses have no file here; the first: {first}")
        moved = f"{len(crawl.redirects)} redirects, {len(crawl.gone)} gone"
        self.stdout.write(f"{crawl.outcomes['pages']} pages and files, {moved}, in {directory}")

    def _progress(self, count: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{count} pages", ending="")
            self.stdout.flush()
