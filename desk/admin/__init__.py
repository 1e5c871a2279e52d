"""What the host edits, one module an area. Django's autodiscovery imports this package."""

from desk.admin import episodes, guests, revisions, search, show, stack, texts, transcripts

__all__ = ["episodes", "guests", "revisions", "search", "show", "stack", "texts", "transcripts"]
