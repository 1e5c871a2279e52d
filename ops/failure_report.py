"""The mail that tells operators of a failure. No settings: they may be what is wrong."""

import socket

from django.core.mail import send_mail

TEXT = """\
{what} failed on {machine}, which serves {site}.

Its log says why:
  Debian: journalctl -u {what} -n 50
  Docker: docker compose logs --tail 50 {what}

{problems}
"""


def send_report(
    what: str, site: str, problems: str, recipients: list[str], sender: str | None = None
) -> None:
    """Raises OSError and SMTPException."""
    machine = socket.gethostname()
    text = TEXT.format(what=what, machine=machine, site=site, problems=problems)
    send_mail(f"{what} failed on {machine}", text, sender, recipients)
