"""Tells a dead man's switch (PING_URL) that a job went well. No Django: podcast/tick.py asks it."""

import logging
import urllib.request
from http.client import HTTPException

logger = logging.getLogger(__name__)

PING_SECONDS = 10


def ping(url: str, name: str) -> str:
    """Request `url`, with the job's name in place of {job}; nothing if it is empty.

    A failure is logged and returned, not raised: the job itself succeeded.
    """
    if not url:
        return ""
    try:
        with urllib.request.urlopen(url.replace("{job}", name), timeout=PING_SECONDS):  # noqa: S310 - http, by settings
            pass
    except (OSError, ValueError, HTTPException) as error:
        # Others' messages have the address, which is a secret.
        reason = error if isinstance(error, OSError) else type(error).__name__
        logger.warning("PING_URL didn't answer after %s: %s", name, reason)
        return str(reason)
    return ""
