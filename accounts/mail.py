"""Mail to users: changes of their account, invitations and links, where EMAIL_URL is set."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail

from accounts.models import SignInLink

logger = logging.getLogger(__name__)

TEXT = """\
{what} for the account “{name}” at {site}.

If that wasn't you, sign in at {site}/admin/ and change your password, or ask whoever runs the site.
"""


INVITATION_TEXT = """\
{by} invites you to the desk of {show}. Its episodes are prepared there.

Open this link and choose a password:

{link}

The link works once, within three days. If you didn't expect it, ignore this mail.
"""

LINK_TEXT = """\
This link lets you choose a new password for the desk of {show}, and signs you in:

{link}

It works once, within an hour. A second step stays as it is.

If you didn't ask for the link, ignore this mail: your password is as it was.
"""


def send_link(user: User, purpose: str, link: str, show: str, by: str = "") -> bool:
    """Mail a link. False without mail or an address, or if sending failed, which is logged."""
    if not user.email or not settings.MAIL:
        return False
    is_invitation = purpose == SignInLink.LinkPurpose.INVITATION
    subject = f"Invitation to the desk of {show}" if is_invitation else f"Sign in to {show}"
    text = (INVITATION_TEXT if is_invitation else LINK_TEXT).format(by=by, show=show, link=link)
    return _send(user, " ".join(subject.split()), text)


def tell(user: User, what: str) -> None:
    """Mail what changed. A failure is logged: the change is made already."""
    if not user.email or not settings.MAIL:
        return
    text = TEXT.format(what=what, name=user.get_username(), site=settings.SITE_URL)
    _send(user, what, text)


def _send(user: User, subject: str, text: str) -> bool:
    try:
        send_mail(subject, text, None, [user.email])
    except (OSError, SMTPException) as error:
        logger.error("Mail about an account could not be sent", exc_info=error)
        return False
    return True
