"""What the host edits, one module an area. Django's autodiscovery imports this package."""

from desk.admin import episodes, guests, people, revisions, search, show, stack, texts, transcripts

__all__ = [
    "episodes", "guests", "people", "revisions", "search", "show", "stack", "texts", "transcripts",
]  # fmt: skip
