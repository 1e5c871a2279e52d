"""What the catalogue knows of a query's words."""

from dataclasses import dataclass

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A technology or guest the query names, with the stems of every name it goes by.

    `is_public`: it is of a published episode, so it has a page.
    """

    kind: str
    name: str
    slug: str
    is_public: bool
    stems: tuple[Stems, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """`documents` in the index; the stem of each word; in how many documents a stem stands, at
    most; what is named by which key; and the groups of which the query holds a phrase.
    """

    documents: int
    stems: dict[str, str]
    counts: dict[str, int]
    names: dict[str, Name]
    groups: tuple[tuple[Stems, ...], ...]

    def said(self, stems: Stems) -> int:
        """In how many documents all of these stand, at most."""
        return min(self.documents, *(self.counts.get(stem, 0) for stem in stems))
