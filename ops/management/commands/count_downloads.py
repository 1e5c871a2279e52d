"""Count downloads in nginx's log."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ops.downloads.counting import CountedElsewhere, count_downloads


class Command(BaseCommand):
    help = (
        "Count each episode's downloads in what nginx wrote to this log since the last run, "
        "by the rules of the IAB. `tick` does it for the log that DOWNLOADS_LOG names."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("logfile", type=Path, help="the log that deploy/nginx writes")

    def handle(self, *args: Any, logfile: Path, **options: Any) -> None:
        try:
            tally = count_downloads(logfile)
        except (OSError, CountedElsewhere) as error:
            raise CommandError(str(error)) from error
        if tally.lost:
            self.stderr.write(f"{tally.lost} What it held further down is not counted.")
        if tally.bad_lines:
            self.stderr.write(f"{tally.bad_lines} lines are none of our nginx: {tally.unreadable}")
        self.stdout.write(f"{tally.downloads} downloads in {tally.lines} lines")
