"""Tell the operator that a job or service failed: by the log, by Sentry, and by mail."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from ops.doctor.checks import watched
from ops.failure_report import send_report

logger = logging.getLogger(__name__)


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
        try:
            send_report(what, settings.SITE_URL, problems(), recipients)
        except (OSError, SMTPException) as error:
            logger.error("The operator's mail could not be sent", exc_info=error)
            raise CommandError(f"Nobody is mailed: {error}") from error


def operators() -> list[str]:
    """Addresses. Raises CommandError if nobody is named and the database is away."""
    if settings.OPERATOR_EMAIL:
        return settings.OPERATOR_EMAIL
    superusers = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    try:
        return list(superusers.values_list("email", flat=True))
    except Error as error:
        raise CommandError(
            f"Nobody is mailed: OPERATOR_EMAIL is unset, and the database is away: {error}"
        ) from error


def problems() -> str:
    """What the doctor says, a paragraph each."""
    found = [f"{each.subject}: {each.text}\n  {each.remedy}" for each in watched() if each.remedy]
    return "\n\n".join(
        ["The doctor says:", *found] if found else ["The doctor finds nothing wrong."]
    )
