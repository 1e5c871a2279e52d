from argparse import ArgumentParser
from pathlib import Path

from transfer.console import Progress, TransferCommand
from transfer.freeze.site_copy import freeze


class Command(TransferCommand):
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
        progress = Progress(self.stdout)
        try:
            crawl = freeze(directory, listen, progress)
        finally:
            progress.finish()
        if crawl.without_audio:
            count, first = len(crawl.without_audio), crawl.without_audio[0]
            self.stdout.write(f"{count} audio addresses have no file here; the first: {first}")
        moved = f"{len(crawl.redirects)} redirects, {len(crawl.gone)} gone"
        self.stdout.write(f"{crawl.pages} pages and files, {moved}, in {directory}")
