"""Imports a podcast's feed: the show, then each item in a transaction of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import transaction

from episodes.models import Enclosure, Episode
from guests.models import Guest
from notes.grammar.draft import Draft, Facts, GuestDraft, TopicDraft
from notes.grammar.head import is_guest_name
from notes.grammar.lines import one_line
from notes.models import ImportSource
from show.models import Show
from text.names import normalise_name
from text.problems import error, has_errors
from text.urls import is_web_url
from topics.models import Transcript
from transfer.importers.columns import fitting, longest
from transfer.importers.episode import import_episode
from transfer.importers.feed.fetch import LinkedFiles, OpenedFeed, best_transcript, read_chapters
from transfer.importers.feed.items import Item, ItemReader, Person
from transfer.importers.feed.notes import NotesReader, without_introduction
from transfer.importers.feed.show import import_channel
from transfer.importers.feed.validation import FoundItem, Survey, found_items, refusal, survey
from transfer.importers.html_to_markdown import to_markdown
from transfer.importers.report import InvalidInput, Report
from transfer.importers.transcript import check, people_by_name, read_file, store_transcript

GUESTS = {"guest", "guest host"}
# Fields of problems that nearly every item of a feed has; each message is reported once.
REPORTED_ONCE = {"support", "technology"}


def import_feed(feed: OpenedFeed, report: Report) -> None:
    """Import a feed; problems and outcomes go to the report."""
    report = report.within(feed.name)
    try:
        surveyed = survey(feed.file, feed.address)
    except InvalidInput as invalid:
        report.refuse(feed.name, invalid.problem)
        return
    report.problems(surveyed.problems)
    moved = surveyed.channel.moved_to
    if moved not in ("", feed.address, surveyed.channel.address):
        message = "The feed says it has moved: import it from there."
        report.warn(message, field="new-feed-url", value=moved)
    import_channel(surveyed.channel, report)
    importer = _Importer(feed, surveyed, report)
    if assumption := surveyed.midnights.assumption(importer.show.zone):
        report.warn(assumption, field="pubDate", value=feed.name)
    for found in found_items(feed.file, surveyed.prefixes):
        importer.add(found)


@dataclass(slots=True)
class _Importer:
    feed: OpenedFeed
    survey: Survey
    report: Report
    show: Show = field(default_factory=lambda: Show.objects.current())
    linked_files: LinkedFiles = field(init=False)
    notes: NotesReader = field(init=False)
    accepted: dict[str, Item] = field(default_factory=dict)  # by GUID, without their notes
    reported: set[str] = field(default_factory=set)  # messages

    def __post_init__(self) -> None:
        self.linked_files = LinkedFiles(self.feed.allowed)
        # A dry run of a new show left no row behind.
        title = self.survey.channel.title if self.show._state.adding else self.show.title
        self.notes = NotesReader(title, self.show.host.name if self.show.host else "")

    def add(self, found: FoundItem) -> None:
        """Import one item, or report why not."""
        if found.node is None:
            wrong = error(found.problem, found.line, field="item")
            self.report.refuse(f"Item at {found.line}", wrong)
            return
        base = self.feed.address or self.survey.channel.link
        item = ItemReader(found.node, found.line, base, self.show.zone).read()
        published = self.survey.midnights.as_stated(item.published, self.show.zone)
        item = replace(item, published=published)
        self.report.problems(item.problems)
        if problem := refusal(item, self.accepted):
            name = item.title or item.guid or f"Item at {item.line}"
            self.report.refuse(name, problem)
            return
        self.accepted[item.guid] = replace(item, notes="", problems=[])
        draft = self.draft(item)
        unread = ("topics",) if item.chapters_file and not draft.topics else ()
        with transaction.atomic():
            episode = import_episode(
                draft,
                self.facts(item),
                ImportSource.FEED,
                self.report,
                first_line=item.line,
                others=self.survey.guids,
                unread=unread,
            )
            if episode is None or self.report.dry_run:
                return
            add_websites(item.people)
        if episode.deleted_at is None:
            self.add_transcript(episode, item)

    def warn(self, item: Item, message: str, field: str, value: str) -> None:
        self.report.warn(message, item.line, field=field, value=value)

    def facts(self, item: Item) -> Facts:
        image = item.image if item.image != self.survey.channel.image else ""
        texts, problems = fitting(Episode, {"image_url": image} if image else {})
        for problem in problems:
            self.warn(item, problem.message, problem.field, problem.value)
        audio = item.enclosure
        if audio and len(audio.type or "") > longest(Enclosure, "type"):
            self.warn(item, "Too long for a type; left out.", "type", audio.type or "")
            audio = replace(audio, type=None)
        if audio is None:
            self.warn(item, "An episode without audio.", "enclosure", item.title)
        if item.published is None:
            message = "No date: imported as a draft."
            self.warn(item, message, "pubDate", item.title)
        return Facts(
            kind=Episode.Kind.PODCAST,
            number=item.number,
            slug=item.slug if self.survey.slugs[item.slug] == 1 else None,
            guid=item.guid,
            status=Episode.Status.PUBLISHED if item.published else None,
            published_at=item.published,
            type=item.type,
            season=item.season,
            explicit=item.explicit,
            image_url=texts.get("image_url"),
            enclosure=audio,
        )

    def draft(self, item: Item) -> Draft:
        title = self.title(item)
        parsed = self.notes.read(title, to_markdown(item.notes, item.link or self.feed.address))
        for problem in parsed.problems:
            if problem.field not in REPORTED_ONCE or problem.message not in self.reported:
                self.reported.add(problem.message)
                self.report.problem(replace(problem, line=item.line))
        return replace(
            parsed.draft,
            title=title,
            summary=item.summary,
            topics=self.topics(item, parsed.draft.topics),
            guests=self.guests(item) or parsed.draft.guests,
        )

    def title(self, item: Item) -> str:
        if not item.title:
            title = f"Episode {item.number}" if item.number else "Untitled"
            self.warn(item, f"Without a title: called “{title}”.", "title", item.guid)
            return title
        most = longest(Episode, "title")
        if len(item.title) <= most:
            return item.title
        self.warn(item, f"Longer than {most} characters; cut.", "title", item.title)
        return f"{item.title[: most - 1].rstrip()}…"

    def topics(self, item: Item, of_notes: tuple[TopicDraft, ...]) -> tuple[TopicDraft, ...]:
        """The longest list: the notes', which may have links, or the chapters."""
        if item.chapters_file and not (of_notes or item.chapters):
            url = item.chapters_file.url
            try:
                return without_introduction(read_chapters(self.linked_files.fetch(url)))
            except (ValueError, OSError) as wrong:
                self.warn(item, f"Couldn't fetch the chapters: {wrong}", "chapters", url)
        chapters = without_introduction(item.chapters)
        return of_notes if len(of_notes) >= len(chapters) else chapters

    def guests(self, item: Item) -> tuple[GuestDraft, ...]:
        host = normalise_name(self.notes.host)
        found: dict[str, GuestDraft] = {}
        for person in item.people:
            name, key = one_line(person.name), normalise_name(person.name)
            if person.role not in GUESTS or key == host:
                continue
            if not key or not is_guest_name(name) or len(name) > longest(Guest, "name"):
                self.warn(item, "Not a single guest's name; left out.", "person", name)
                continue
            found.setdefault(key, GuestDraft(name))
        return tuple(found.values())

    def add_transcript(self, episode: Episode, item: Item) -> None:
        """Store the transcript that the item links, if the episode has none yet."""
        if not item.transcripts or Transcript.objects.filter(episode=episode).exists():
            return
        best = best_transcript(item.transcripts)
        if best is None:
            types = ", ".join(linked.type for linked in item.transcripts)
            self.warn(item, "Unsupported transcript format.", "transcript", types)
            return
        linked, ending = best
        try:
            reading = read_file(self.linked_files.fetch(linked.url), f"transcript.{ending}")
        except (ValueError, OSError) as wrong:
            self.warn(item, f"Couldn't fetch the transcript: {wrong}", "transcript", linked.url)
            return
        people = people_by_name(episode)
        problems = reading.problems + check(reading.cues, episode, people)
        # Warnings: the episode is imported without it.
        self.report.problems(
            replace(problem, severity="warning", file=linked.url) for problem in problems
        )
        if not has_errors(problems):
            outcome, _ = store_transcript(episode, reading, people, source=ImportSource.FEED)
            self.report.outcome(f"{episode}: transcript", outcome)


def add_websites(people: Iterable[Person]) -> None:
    """Fill the website of guests who have none."""
    for person in people:
        if not is_web_url(person.href) or len(person.href) > longest(Guest, "website"):
            continue
        guest = Guest.objects.by_name([person.name]).get(person.name)
        if guest and not guest.website:
            guest.website = person.href
            guest.save(update_fields=["website"])
