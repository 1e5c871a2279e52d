"""Builds an episode's draft from a feed's item: notes, topics, guests."""

from collections import Counter
from dataclasses import dataclass, field, replace

from episodes.models import Episode
from guests.models import Guest
from notes.grammar.draft import Draft, GuestDraft, TopicDraft
from notes.grammar.head import is_guest_name
from notes.grammar.lines import one_line
from text.names import normalise_name
from transfer.importers.columns import longest
from transfer.importers.feed.boilerplate import Boilerplate
from transfer.importers.feed.chapters import FILE, ChapterList, read_chapters, with_links
from transfer.importers.feed.fetch import LinkedFiles
from transfer.importers.feed.items import Item
from transfer.importers.feed.notes import NotesReader, without_introduction
from transfer.importers.feed.support import SupportTexts
from transfer.importers.html_to_markdown import to_markdown
from transfer.importers.left_out import left_out
from transfer.importers.report import Report

# Fields of problems that nearly every item of a feed has; each message is reported once.
REPORTED_ONCE = {"support", "technology"}


@dataclass(slots=True)
class DraftBuilder:
    """Builds drafts; `untaken` counts what topics and chapters lose.

    `unread` has the parts of the last draft that couldn't be fetched.
    """

    notes: NotesReader
    boilerplate: Boilerplate
    linked_files: LinkedFiles
    untaken: Counter[str]
    base: str = ""  # for relative links of items without a link
    reported: set[str] = field(default_factory=set)  # messages
    support: SupportTexts = field(default_factory=SupportTexts)
    unread: frozenset[str] = frozenset()

    def build(self, item: Item, report: Report) -> Draft:
        title, self.unread = self._title(item, report), frozenset()
        markdown = self.boilerplate.without(to_markdown(item.notes, item.link or self.base))
        self.support.add(markdown, item.slug)
        elements = (each.field for each in left_out(item.notes))
        self.untaken.update(f"<{tag}> in the notes" for tag in elements if tag != "img")
        parsed = self.notes.read(title, markdown)
        for problem in parsed.problems:
            if problem.field not in REPORTED_ONCE or problem.message not in self.reported:
                self.reported.add(problem.message)
                report.problem(replace(problem, line=item.line))
        return replace(
            parsed.draft,
            title=title,
            summary=item.summary,
            topics=self._topics(item, parsed.draft.topics, report),
            guests=self._guests(item, report) or parsed.draft.guests,
        )

    def _title(self, item: Item, report: Report) -> str:
        if not item.title:
            title = f"Episode {item.number}" if item.number else "Untitled"
            message = f"Without a title: called “{title}”."
            report.warn(message, item.line, field="title", value=item.guid)
            return title
        most = longest(Episode, "title")
        if len(item.title) <= most:
            return item.title
        message = f"Longer than {most} characters; cut."
        report.warn(message, item.line, field="title", value=item.title)
        return f"{item.title[: most - 1].rstrip()}…"

    def _topics(
        self, item: Item, of_notes: tuple[TopicDraft, ...], report: Report
    ) -> tuple[TopicDraft, ...]:
        """The longest list: the notes', with the links of the same chapters, or the chapters."""
        chapters = ChapterList(item.chapters)
        if item.chapters_file and not (of_notes or item.chapters):
            chapters = self._fetched(item, item.chapters_file.url, report)
        elif item.chapters_file:
            self.untaken[f"{FILE}: a file not fetched, because there are topics"] += 1
        topics = without_introduction(chapters.topics)
        chosen = ChapterList(topics, chapters.untaken)
        if of_notes and len(of_notes) >= len(topics):
            chosen = with_links(of_notes, chosen)
        self.untaken.update(chosen.untaken)
        return chosen.topics

    def _fetched(self, item: Item, url: str, report: Report) -> ChapterList:
        try:
            return read_chapters(self.linked_files.fetch(url))
        except (ValueError, OSError) as wrong:
            message = f"Couldn't fetch the chapters: {wrong}"
            report.warn(message, item.line, field="chapters", value=url)
            self.unread = frozenset({"topics"})
            return ChapterList()

    def _guests(self, item: Item, report: Report) -> tuple[GuestDraft, ...]:
        host = normalise_name(self.notes.host)
        found: dict[str, GuestDraft] = {}
        for person in item.people:
            name, key = one_line(person.name), normalise_name(person.name)
            if not person.is_guest or key == host:
                continue
            if not key or not is_guest_name(name) or len(name) > longest(Guest, "name"):
                message = "Not a single guest's name; left out."
                report.warn(message, item.line, field="person", value=name)
                continue
            found.setdefault(key, GuestDraft(name))
        return tuple(found.values())
