"""Asks the addresses the show links to whether they still lead somewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from linkcheck.models import Link
from linkcheck.request import Outcome, Visitor
from linkcheck.schedule import check_due, survey


class Command(BaseCommand):
    help = (
        "Asks addresses of references, libraries, technologies, guests and texts that are due, "
        "one at a time, and stores what they answer; the desk shows which are dead. Stop it when "
        "you like: the next run goes on from there. `tick` does a few each minute."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=500, help="Addresses in this run (500).")
        parser.add_argument("--seconds", type=float, default=3600, help="It ends then (3600).")
        parser.add_argument("--pause", type=float, default=3, help="Seconds a host rests (3).")

    def handle(self, *args: Any, **options: Any) -> None:
        survey()
        visitor = Visitor(pause=options["pause"])
        count = check_due(options["most"], options["seconds"], visitor, self.tell)
        due, dead = Link.objects.due().count(), Link.objects.dead().count()
        self.stdout.write(f"{count} asked; {due} more are due; {dead} are dead.")

    def tell(self, link: Link, outcome: Outcome) -> None:
        if outcome.failed:
            self.stdout.write(f"{link.url}: {outcome.reason}")
