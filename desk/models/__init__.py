"""What only the host's side knows."""

from accounts.models import Attempts, SecondStep, SignInLink
from desk.models.previews import PreviewLink
from desk.models.texts import TextTemplate
from linkcheck.models import Link, LinkSurvey

__all__ = [
    "Attempts",
    "Link",
    "LinkSurvey",
    "PreviewLink",
    "SecondStep",
    "SignInLink",
    "TextTemplate",
]
