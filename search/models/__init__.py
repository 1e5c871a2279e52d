from search.models.groups import WordGroup
from search.models.index import Document, Passage, Word

__all__ = ["Document", "Passage", "Word", "WordGroup"]
