"""Settings of outgoing mail, which a failure report needs also where others are wrong."""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env

ADDRESS = r"[^\s@<>,;]+@[^\s@<>,;]+"
MAILBOX = re.compile(rf'{ADDRESS}|(?:"[^"\n]*" *|[^"<>,;@\n]*)<{ADDRESS}>')


def mail_server(env: Env) -> dict[str, Any]:
    """Django's EMAIL_… settings from EMAIL_URL. Raises ImproperlyConfigured."""
    server = dict(env.dj_email_url("EMAIL_URL", "dummy://"))
    if env.str("EMAIL_URL", "").startswith("smtp+tls://"):  # as .env.example once had it
        server["EMAIL_USE_TLS"] = True
    elif "EMAIL_BACKEND" not in server:
        raise ImproperlyConfigured("EMAIL_URL: begin it with submission://, smtp:// or console://.")
    return server | {"EMAIL_TIMEOUT": 10}  # seconds: a page waits for it


def sender(env: Env) -> str:
    """DEFAULT_FROM_EMAIL. Raises ImproperlyConfigured."""
    return _mailbox("DEFAULT_FROM_EMAIL", env.str("DEFAULT_FROM_EMAIL", "") or "noreply@localhost")


def operators(env: Env) -> list[str]:
    """OPERATOR_EMAIL. Raises ImproperlyConfigured."""
    given: list[str] = env.list("OPERATOR_EMAIL", [])
    return [_mailbox("OPERATOR_EMAIL", each.strip()) for each in given if each.strip()]


def _mailbox(name: str, value: str) -> str:
    if not MAILBOX.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name}: “{value}” is no address such as ann@podcast.example, "
            "or 'The Podcast <ann@podcast.example>'."
        )
    return value
