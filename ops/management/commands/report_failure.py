"""Tell the operator that a job or service failed: by the log, by Sentry, and by mail."""

import logging
import socket
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from ops.doctor.checks import watched

logger = logging.getLogger(__name__)

TEXT = """\
{what} failed on {machine}, which serves {site}.

Its log says why:
  Debian: journalctl -u {what} -n 50
  Docker: docker compose logs --tail 50 {what}

{problems}
"""


class Command(BaseCommand):
    help = (
        "Log that a job or service failed and, where EMAIL_URL is set, mail it to OPERATOR_EMAIL, "
        "or else to all superusers, with what the doctor says. systemd and compose run it."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", help="such as podcast-tick.service")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        logger.error("%s failed", what)
        if not settings.MAIL:
            self.stdout.write("Only logged: without EMAIL_URL nobody is mailed (docs/watching.md).")
            return
        if not (recipients := operators()):
            self.stdout.write("Only logged: neither OPERATOR_EMAIL nor a superuser has an address.")
            return
        text = TEXT.format(
            what=what, machine=socket.gethostname(), site=settings.SITE_URL, problems=problems()
        )
        try:
            send_mail(f"{what} failed on {socket.gethostname()}", text, None, recipients)
        except (OSError, SMTPException) as error:
            logger.error("The operator's mail could not be sent", exc_info=error)


def operators() -> list[str]:
    """Addresses; none if nobody is named and the database is away."""
    if settings.OPERATOR_EMAIL:
        return settings.OPERATOR_EMAIL
    superusers = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    try:
        return list(superusers.values_list("email", flat=True))
    except Error as error:
        logger.warning(
            "Nobody is mailed: OPERATOR_EMAIL is unset, and the database is away: %s", error
        )
        return []


def problems() -> str:
    """What the doctor says, a paragraph each."""
    found = [f"{each.subject}: {each.text}\n  {each.remedy}" for each in watched() if each.remedy]
    return "\n\n".join(
        ["The doctor says:", *found] if found else ["The doctor finds nothing wrong."]
    )
