"""Helps someone who lost both their phone and their recovery codes."""

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from accounts.mail import tell
from accounts.management.user_command import UserCommand
from accounts.security_log import Kind, record
from accounts.two_factor import remove


class Command(UserCommand):
    help = "Removes USER's second step: name and password, or a link, are enough again."

    def handle_user(self, user: User) -> None:
        if not remove(user):
            raise CommandError(f"{user} has no second step.")
        record(None, Kind.SECOND_STEP, user.get_username(), "removed by a command")
        tell(user, "The second step was removed")
        self.stdout.write(f"{user} can set up a new one at /admin/second-step/.")
