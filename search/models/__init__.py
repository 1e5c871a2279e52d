from search.models.index import Content, Document, Passage, Word
from search.models.questions import Question
from search.models.synonyms import SynonymGroup
from search.models.zero_results import GuestWanted, ZeroResultQuery

__all__ = [
    "Content",
    "Document",
    "GuestWanted",
    "Passage",
    "Question",
    "SynonymGroup",
    "Word",
    "ZeroResultQuery",
]
