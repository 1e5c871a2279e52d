"""Prints a link that signs someone in, so that nothing here depends on mail."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandParser
from django.urls import reverse

from accounts.management.user_command import UserCommand
from accounts.sign_in import LIFETIMES, Purpose, create_link


class Command(UserCommand):
    help = "Prints a link that signs USER in to the desk, once, within ten minutes."
    purpose = Purpose.SIGN_IN

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        words = "The link asks for a new password first. It is valid for an hour."
        parser.add_argument("--new-password", action="store_true", help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_password"]:
            self.purpose = Purpose.PASSWORD
        super().handle(*args, **options)

    def handle_user(self, user: User) -> None:
        path = reverse("desk_sign_in_link", args=[create_link(user, self.purpose)])
        minutes = LIFETIMES[self.purpose].seconds // 60
        self.stdout.write(f"{settings.SITE_URL}{path}")
        self.stderr.write(f"Valid once, for {minutes} minutes. It still asks for a second step.")
