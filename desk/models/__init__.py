"""What only the host's side knows."""

from desk.models.links import Link, LinkSurvey
from desk.models.people import Attempts, SecondStep, SignInLink
from desk.models.previews import PreviewLink
from desk.models.texts import TextTemplate

__all__ = [
    "Attempts",
    "Link",
    "LinkSurvey",
    "PreviewLink",
    "SecondStep",
    "SignInLink",
    "TextTemplate",
]
