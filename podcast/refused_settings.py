"""The report of a failure where Django can't start, because settings are wrong."""

import os
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError
from psycopg2 import Error

from ops.failure_report import send_report
from podcast.database import connect
from podcast.mail import mail_server, operators, sender

SUPERUSERS = "SELECT email FROM auth_user WHERE is_superuser AND is_active AND email <> ''"


def report_refusal(what: str, reason: str) -> str:
    """Mail that `what` failed, and which setting is wrong. Returns why nobody was mailed, or ""."""
    env = Env()
    site = os.environ.get("SITE_URL", "")
    problems = f"The settings are wrong, so nothing of the site can start:\n\n{reason}"
    try:
        if not env.str("EMAIL_URL", ""):
            return "without EMAIL_URL"
        settings.configure(**mail_server(env))
        if not (recipients := _recipients(env)):
            return "neither OPERATOR_EMAIL nor a superuser has an address that can be read"
        send_report(what, site, problems, recipients, _sender(env, recipients[0]))
    except (ImproperlyConfigured, EnvError, OSError, SMTPException) as error:
        return str(error) or type(error).__name__
    return ""


def _recipients(env: Env) -> list[str]:
    try:
        if named := operators(env):
            return named
    except ImproperlyConfigured:  # the reason, or another one
        pass
    try:
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute(SUPERUSERS)
            return [address for (address,) in cursor.fetchall()]
    except (Error, KeyError, ValueError):  # the database is away, or its address is what is wrong
        return []


def _sender(env: Env, otherwise: str) -> str:
    try:
        return sender(env)
    except ImproperlyConfigured:
        return otherwise
