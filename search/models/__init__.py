from search.models.groups import WordGroup
from search.models.index import Content, Document, Passage, Word
from search.models.misses import Miss
from search.models.questions import Question

__all__ = ["Content", "Document", "Miss", "Passage", "Question", "Word", "WordGroup"]
