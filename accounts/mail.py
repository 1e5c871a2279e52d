"""Mail to users about changes of their own account, where EMAIL_URL is set."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail

logger = logging.getLogger(__name__)

TEXT = """\
{what} for the account “{name}” at {site}.

If that wasn't you, sign in at {site}/admin/ and change your password, or ask whoever runs the site.
"""


def tell(user: User, what: str) -> None:
    """Mail what changed. A failure is logged: the change is made already."""
    if not user.email or not settings.MAIL:
        return
    text = TEXT.format(what=what, name=user.get_username(), site=settings.SITE_URL)
    try:
        send_mail(what, text, None, [user.email])
    except (OSError, SMTPException) as error:
        logger.error("Mail about a changed account could not be sent", exc_info=error)
