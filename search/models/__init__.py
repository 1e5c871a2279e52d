from search.models.groups import WordGroup
from search.models.index import Content, Document, Passage, Word
from search.models.misses import Miss
from search.models.questions import Question
from search.models.wanted import Wanted

__all__ = ["Content", "Document", "Miss", "Passage", "Question", "Wanted", "Word", "WordGroup"]
