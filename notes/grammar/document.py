"""Splits a file of several episodes into the show's part and each episode's lines."""

from dataclasses import replace

from notes.grammar.draft import ShowDraft
from notes.grammar.headings import SUPPORT, Section, date_in, heading_in, split_sections
from notes.grammar.lines import Line, numbered, one_line, reflow
from text.names import fold_typography
from text.problems import Problem

# Captions of the page such a file is copied from: headings, like “Links” in an episode.
EPISODES, BOOKS = "episodes", "mentioned books"
AUTHOR_LENGTH = 80


def split_document(lines: list[Line]) -> tuple[list[Line], list[list[Line]]]:
    """The show's header, and each episode's lines."""
    starts = [at for at, line in enumerate(lines) if _begins_episode(lines, at)]
    if not starts:
        return [], [lines]
    header = lines[: starts[0]]
    if any(not line.fenced and heading_in(line.text) for line in header):
        # Notes, not a header: the first episode has no date.
        header, starts = [], [0, *starts]
    ends = [*starts[1:], len(lines)]
    return header, [lines[start:end] for start, end in zip(starts, ends, strict=True)]


def support_in(text: str) -> str:
    """The block “Support the show” of one episode's notes; empty if they have none."""
    show = ShowReader([])
    show.take_support(split_sections(numbered(text)))
    return show.draft.support


class ShowReader:
    """Collects the show's own words: its header, then the block that episodes repeat."""

    def __init__(self, header: list[Line]) -> None:
        self.problems: list[Problem] = []
        self.draft = self._read_header([line for line in header if not line.blank])
        self._support_lines: set[str] = set()
        self._support_text = ""

    @property
    def found(self) -> ShowDraft | None:
        """The show's part, or None where the file says nothing of the show."""
        return self.draft if self.draft != ShowDraft() else None

    def take_support(self, sections: list[Section]) -> None:
        """Store the first “Support the Show” block; warn of lines in which another differs."""
        for section in sections:
            if section.kind != SUPPORT or all(line.blank for line in section.lines):
                continue
            if self._support_text:
                self._compare(section.lines)
            else:
                self._store(section.lines)

    def _store(self, lines: list[Line]) -> None:
        texts = [line.text.rstrip() for line in lines]
        support = "\n".join(texts).strip()
        if "\n\n" not in support:
            support = "\n".join(reflow(support.split("\n")))
        self.draft = replace(self.draft, support=support)
        self._support_text = fold_typography(support)
        self._support_lines = set(map(fold_typography, texts))

    def _compare(self, lines: list[Line]) -> None:
        text = fold_typography(" ".join(line.text for line in lines))
        # The end of the file may cut the block off.
        if self._support_text.startswith(text):
            return
        message = "Differs from the show's first such block; left out."
        other = [line for line in lines if fold_typography(line.text) not in self._support_lines]
        self.problems += [line.warning("support", message) for line in other]

    def _read_header(self, lines: list[Line]) -> ShowDraft:
        """Title, author and description, in this order."""
        words = []
        for at, line in enumerate(lines):
            if one_line(line.text).casefold() == BOOKS:
                self._warn_of_books(lines[at + 1 :])
                break
            if one_line(line.text).casefold() != EPISODES:
                words.append(one_line(line.text))
        title = words.pop(0).lstrip("# ") if words else ""
        author, author_title = _author(words[0]) if words else ("", "")
        description = "\n".join(words[1:] if author else words)
        return ShowDraft(title, author, author_title, description)

    def _warn_of_books(self, lines: list[Line]) -> None:
        books = [line for line in lines if one_line(line.text).casefold() != EPISODES]
        self.problems += [line.warning("show", "Books are left out.") for line in books]


def _begins_episode(lines: list[Line], at: int) -> bool:
    """Whether this line's date begins an episode: it has a length, or a blank line above it."""
    dated = None if lines[at].fenced else date_in(lines[at].text)
    apart = at == 0 or lines[at - 1].blank
    return dated is not None and (apart or dated.minutes is not None)


def _author(line: str) -> tuple[str, str]:
    """Name and title of “Nick Janetakis - Full stack developer”; empty for a sentence."""
    if len(line) > AUTHOR_LENGTH or line.endswith((".", "!", "?")):
        return "", ""
    name, _, title = line.replace(" – ", " - ").replace(" -- ", " - ").partition(" - ")
    return name.strip(), title.strip()
