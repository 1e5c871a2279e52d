"""A link that signs someone in, so that nothing here needs mail."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts.sign_in import LINK_LASTS, new_link


class Command(BaseCommand):
    help = "Prints a link that signs USER in to the desk, once, within ten minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="Their name as they type it to sign in.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = reverse("desk_sign_in_link", args=[new_link(person(options["user"]))])
        minutes = LINK_LASTS.seconds // 60
        self.stdout.write(f"{settings.SITE_URL}{path}")
        self.stderr.write(f"Good once, for {minutes} minutes. A second step is asked all the same.")


def person(name: str) -> User:
    """Who signs in by this name. Raises CommandError for nobody, and for who may not come in."""
    user = User.objects.filter(username=name).first()
    if user is None:
        some = ", ".join(User.objects.filter(is_staff=True).values_list("username", flat=True)[:20])
        raise CommandError(f"Nobody signs in as “{name}”. These do: {some or 'nobody yet'}.")
    if not (user.is_active and user.is_staff):
        raise CommandError(f"{name} may not open the desk: the account is closed or no staff's.")
    return user
