from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser


class UserCommand(BaseCommand):
    """A command about one user of the desk."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="Their name as they type it to sign in.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.handle_user(staff_user(options["user"]))

    def handle_user(self, user: User) -> None:
        raise NotImplementedError


def staff_user(name: str) -> User:
    """Raises CommandError if there is no such user, or if they may not open the desk."""
    user = User.objects.filter(username=name).first()
    if user is None:
        some = ", ".join(User.objects.filter(is_staff=True).values_list("username", flat=True)[:20])
        raise CommandError(f"No user is named “{name}”. These may open the desk: {some or 'none'}.")
    if not (user.is_active and user.is_staff):
        raise CommandError(f"{name} may not open the desk: the account is inactive or not staff.")
    return user
