"""Imports the admin of each feature; Django's autodiscovery imports this module."""

from desk.accounts import admin as accounts
from desk.accounts import roles
from desk.entities import guests, stack
from desk.episodes import admin as episodes
from desk.highlights import admin as highlights
from desk.history import admin as history
from desk.publishing import admin as publishing
from desk.searches import admin as searches
from desk.show import admin as show
from desk.transcripts import admin as transcripts

__all__ = [
    "accounts", "episodes", "guests", "highlights", "history", "publishing", "roles", "searches",
    "show", "stack", "transcripts",
]  # fmt: skip
