"""Prints a link that signs someone in, so that nothing here depends on mail."""

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from accounts.management.user_command import UserCommand
from accounts.sign_in import LINK_LIFETIME, create_link


class Command(UserCommand):
    help = "Prints a link that signs USER in to the desk, once, within ten minutes."

    def handle_user(self, user: User) -> None:
        path = reverse("desk_sign_in_link", args=[create_link(user)])
        minutes = LINK_LIFETIME.seconds // 60
        self.stdout.write(f"{settings.SITE_URL}{path}")
        self.stderr.write(f"Valid once, for {minutes} minutes. It still asks for a second step.")
