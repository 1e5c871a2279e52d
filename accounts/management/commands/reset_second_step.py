"""The way back for someone whose phone and paper are both gone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.commands.signin_link import person
from accounts.two_factor import remove


class Command(BaseCommand):
    help = "Takes USER's second step away: name and password, or a link, are enough again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="Their name as they type it to sign in.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not remove(person(options["user"])):
            raise CommandError(f"{options['user']} has no second step.")
        self.stdout.write(f"{options['user']} can set up a new one at /admin/second-step/.")
