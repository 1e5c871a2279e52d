"""Checks whether the addresses the show links to still work."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.formats import date_format
from django.utils.timezone import localtime

from linkcheck.check import LinkChecker, Outcome, check_due, update_links
from linkcheck.models import Link


class Command(BaseCommand):
    help = (
        "Checks addresses of references, libraries, technologies, guests and texts that are due, "
        "one at a time, and stores the results; the desk lists dead ones. You may stop it: the "
        "next run continues from there. `tick` checks a few each minute."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=500, help="Addresses per run (500).")
        parser.add_argument("--seconds", type=float, default=3600, help="Time limit (3600).")
        parser.add_argument("--pause", type=float, default=3, help="Seconds between requests (3).")

    def handle(self, *args: Any, **options: Any) -> None:
        update_links()
        checker = LinkChecker(pause=options["pause"])
        count = check_due(options["most"], options["seconds"], checker, self.report)
        due, dead = Link.objects.due().count(), Link.objects.dead().count()
        if not count:
            is_limited = options["most"] < 1 or options["seconds"] <= 0
            self.stdout.write(
                f"Checked 0 of {Link.objects.count():,} links: {why_none(due, is_limited)}"
            )
        self.stdout.write(f"{count} checked; {due} more are due; {dead} are dead.")

    def report(self, link: Link, outcome: Outcome) -> None:
        if outcome.failed:
            self.stdout.write(f"{link.url}: {outcome.reason}")


def why_none(due: int, is_limited: bool) -> str:
    """Why a run checked no link, as the end of a sentence."""
    if due:
        limit = "--most or --seconds allows none."
        return limit if is_limited else "another process, such as tick, is checking them now."
    if following := Link.objects.next_due():
        when = date_format(localtime(following), "j M Y, H:i T")
        return f"each was checked lately, and the next is due {when}."
    return "the show links to nothing yet."
