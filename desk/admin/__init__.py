"""What the host edits, one module an area. Django's autodiscovery imports this package."""

from desk.admin import episodes, people, revisions, search, show, texts, transcripts
from desk.entities import guests, stack

__all__ = [
    "episodes", "guests", "people", "revisions", "search", "show", "stack", "texts", "transcripts",
]  # fmt: skip
