import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from transfer.console import Progress, TransferCommand
from transfer.freeze.crawl import ROOT
from transfer.freeze.site_copy import freeze

LISTEN = re.compile(r"(?:(?:[\w.*-]+|\[[0-9a-fA-F:.]+\]):)?(\d{1,5})")


def address(value: str) -> str:
    """An address as nginx's `listen` takes it, with its port. Raises ArgumentTypeError."""
    found = LISTEN.fullmatch(value)
    if not found or not 0 < int(found[1]) < 65536:
        raise ArgumentTypeError(
            f"“{value}” is neither PORT nor ADDRESS:PORT, such as 127.0.0.1:8080"
        )
    return value


class Command(TransferCommand):
    help = (
        "Write every public page, feed and sitemap to DIR as files for any web server, with an "
        "nginx file that serves them under the same addresses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument(
            "--listen",
            type=address,
            default="80",
            metavar="[ADDRESS:]PORT",
            help="where nginx listens; 80",
        )

    def handle(self, *, directory: Path, listen: str, **options: object) -> None:
        progress = Progress(self.stdout)
        try:
            crawl = freeze(directory, listen, progress)
        finally:
            progress.finish()
        if crawl.without_audio:
            first, *others = crawl.without_audio
            count = len(crawl.without_audio)
            self.stdout.write(f"{count} audio addresses have no file here; the first: {first}")
            self.stdout.writelines(f"  {each}\n" for each in others)
        if crawl.unmoved:
            count, first = len(crawl.unmoved), crawl.unmoved[0]
            what = "addresses redirect only with nginx.conf; no link of the copy needs them"
            self.stdout.write(f"{count} {what}; the first: {first}")
        moved = f"{len(crawl.redirects)} redirects, {len(crawl.gone)} gone"
        self.stdout.write(f"{crawl.pages} pages and files, {moved}, in {directory}")
        self.stdout.write(
            f"To look at it: python3 -m http.server --directory {directory}/{ROOT} 8090"
        )
