"""Imports the admin of each feature; Django's autodiscovery imports this module."""

from desk.accounts import admin as accounts
from desk.accounts import roles
from desk.entities import guests, stack
from desk.episodes import admin as episodes
from desk.highlights import admin as highlights
from desk.history import admin as history
from desk.searches import admin as searches
from desk.show import admin as show
from desk.texts import admin as texts
from desk.transcripts import admin as transcripts

__all__ = [
    "accounts", "episodes", "guests", "highlights", "history", "roles", "searches",
    "show", "stack", "texts", "transcripts",
]  # fmt: skip
