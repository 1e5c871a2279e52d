"""Count downloads in nginx's log."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ops.downloads.counting import CountedElsewhere, count_downloads
from text.problems import reason_of


class Command(BaseCommand):
    help = (
        "Count each episode's downloads in what nginx has logged since the last run, by the rules "
        "of the IAB. `tick` does this for the log of DOWNLOADS_LOG."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("logfile", type=Path, help="nginx's access log")

    def handle(self, *args: Any, logfile: Path, **options: Any) -> None:
        try:
            tally = count_downloads(logfile)
        except OSError as failure:
            raise CommandError(reason_of(failure)) from failure
        except CountedElsewhere as error:
            raise CommandError(str(error)) from error
        for warning in tally.warnings:
            self.stderr.write(warning)
        self.stdout.write(f"{tally.downloads} downloads in {tally.lines} lines")
