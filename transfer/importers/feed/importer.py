"""A podcast's feed into the catalogue: the show, then each item by itself, whole or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import transaction

from episodes.models import Enclosure, Episode
from guests.models import Guest
from notes.grammar.draft import Draft, Facts, GuestDraft, TopicDraft
from notes.grammar.head import is_guest_name
from notes.grammar.lines import one_line
from notes.merge import FEED
from show.models import Show
from text.names import normalise_name
from text.problems import Problem, error, has_errors, warning
from text.urls import is_web_url
from topics.models import Transcript
from transfer.importers.column_limits import fitting, longest
from transfer.importers.episode import import_episode
from transfer.importers.feed.fetch import Linker, Opened, best_transcript
from transfer.importers.feed.html_to_markdown import to_markdown
from transfer.importers.feed.items import Item, Person, read_item
from transfer.importers.feed.notes import Reader, without_introduction
from transfer.importers.feed.show import import_channel
from transfer.importers.feed.validation import Found, Survey, Unreadable, found_items, survey
from transfer.importers.report import Report
from transfer.importers.transcript import check, people_by_name, read_file, store_transcript

GUESTS = {"guest", "guest host"}
# What nearly every item of a feed has, named once.
NAMED_ONCE = {"support", "technology"}


def import_feed(feed: Opened, report: Report) -> None:
    """Import a feed; problems and outcomes go to the report."""
    try:
        surveyed = survey(feed.file, feed.address)
    except Unreadable as wrong:
        report.problem(wrong.problem.at(feed.name))
        report.outcome(feed.name, "failed")
        return
    for problem in surveyed.problems:
        report.problem(problem.at(feed.name))
    moved = surveyed.channel.moved_to
    if moved not in ("", feed.address, surveyed.channel.address):
        message = "The feed says it has moved: import it from there."
        report.problem(warning(message, field="new-feed-url", value=moved, file=feed.name))
    import_channel(surveyed.channel, feed.name, report)
    importer = _Importer(feed, surveyed, report)
    for found in found_items(feed.file, surveyed.prefixes):
        importer.take(found)


@dataclass(slots=True)
class _Importer:
    feed: Opened
    survey: Survey
    report: Report
    show: Show = field(default_factory=lambda: Show.objects.current())
    linker: Linker = field(init=False)
    reader: Reader = field(init=False)
    seen: dict[str, Item] = field(default_factory=dict)  # by GUID, without their notes
    named: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.linker = Linker(self.feed.allowed)
        # A dry run of a new show left no row behind.
        title = self.survey.channel.title if self.show._state.adding else self.show.title
        self.reader = Reader(title, self.show.host.name if self.show.host else "")

    def take(self, found: Found) -> None:
        """One item, whatever it is, into the catalogue or into the report."""
        if found.node is None:
            self.refuse(error(found.problem, found.line, field="item"), f"Item at {found.line}")
            return
        item = read_item(
            found.node, found.line, self.feed.address or self.survey.channel.link, self.show.zone
        )
        for problem in item.problems:
            self.tell(problem)
        name = item.title or item.guid or f"Item at {item.line}"
        if wrong := self.unusable(item):
            self.refuse(wrong, name)
            return
        self.seen[item.guid] = replace(item, notes="", problems=[])
        self.write(item)

    def tell(self, problem: Problem) -> None:
        self.report.problem(problem.at(self.feed.name))

    def warn(self, item: Item, message: str, field: str, value: str) -> None:
        self.tell(warning(message, item.line, field=field, value=value))

    def refuse(self, problem: Problem, name: str) -> None:
        self.tell(problem)
        self.report.outcome(name, "failed")

    def unusable(self, item: Item) -> Problem | None:
        """Why this item can't be an episode at all."""
        if not item.guid:
            message = "Neither a GUID nor an enclosure nor a link: apps could not tell it apart."
            return error(message, item.line, field="guid", value=item.title)
        stated = {"guid": item.guid}
        url = {"url": item.enclosure.url} if item.enclosure else {}
        for problem in (*fitting(Episode, stated)[1], *fitting(Enclosure, url)[1]):
            return replace(problem, severity="error", line=item.line)
        first = self.seen.get(item.guid)
        if first is None:
            return None
        message = f"Has the GUID of line {first.line}, “{first.title}”, which counts; left out."
        return error(message, item.line, field="guid", value=item.guid)

    def write(self, item: Item) -> None:
        """The episode and all that is linked to it."""
        draft = self.draft(item)
        with transaction.atomic():
            episode = import_episode(
                draft,
                self.facts(item),
                FEED,
                self.report,
                file=self.feed.name,
                first_line=item.line,
                others=self.survey.guids,
            )
            if episode is not None and not self.report.dry_run:
                add_websites(item.people)
        if episode is not None and not self.report.dry_run and episode.deleted_at is None:
            self.add_transcript(episode, item)

    def facts(self, item: Item) -> Facts:
        image = item.image if item.image != self.survey.channel.image else ""
        texts, problems = fitting(Episode, {"image_url": image} if image else {})
        for problem in problems:
            self.tell(replace(problem, line=item.line))
        audio = item.enclosure
        if audio and len(audio.type or "") > longest(Enclosure, "type"):
            self.warn(item, "Too long for a type; left out.", "type", audio.type or "")
            audio = replace(audio, type=None)
        if audio is None:
            self.warn(item, "An episode without audio.", "enclosure", item.title)
        if item.published is None:
            message = "Without a date: what is new comes as a draft."
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
        parsed = self.reader.read(title, to_markdown(item.notes, item.link or self.feed.address))
        for problem in parsed.problems:
            if problem.field not in NAMED_ONCE or problem.message not in self.named:
                self.named.add(problem.message)
                self.tell(replace(problem, line=item.line))
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
        """The longest list there is: the notes', which may have links, or the chapters."""
        if item.chapters_file and not (of_notes or item.chapters):
            try:
                return without_introduction(self.linker.chapters(item.chapters_file))
            except (ValueError, OSError) as wrong:
                url = item.chapters_file.url
                self.warn(item, f"Chapters that can't be had: {wrong}", "chapters", url)
        chapters = without_introduction(item.chapters)
        return of_notes if len(of_notes) >= len(chapters) else chapters

    def guests(self, item: Item) -> tuple[GuestDraft, ...]:
        host = normalise_name(self.reader.host)
        found: dict[str, GuestDraft] = {}
        for person in item.people:
            name, key = one_line(person.name), normalise_name(person.name)
            if person.role not in GUESTS or key == host:
                continue
            if not key or not is_guest_name(name) or len(name) > longest(Guest, "name"):
                self.warn(item, "No name of one guest; left out.", "person", name)
                continue
            found.setdefault(key, GuestDraft(name))
        return tuple(found.values())

    def add_transcript(self, episode: Episode, item: Item) -> None:
        """The transcript an item links, where the episode has none yet."""
        if not item.transcripts or Transcript.objects.filter(episode=episode).exists():
            return
        best = best_transcript(item.transcripts)
        if best is None:
            types = ", ".join(linked.type for linked in item.transcripts)
            self.warn(item, "A transcript in no format that is read.", "transcript", types)
            return
        linked, ending = best
        try:
            reading = read_file(self.linker.fetch(linked.url), f"transcript.{ending}")
        except (ValueError, OSError) as wrong:
            self.warn(item, f"A transcript that can't be had: {wrong}", "transcript", linked.url)
            return
        people = people_by_name(episode)
        problems = reading.problems + check(reading.cues, episode, people)
        for problem in problems:
            # The episode is there without it: nothing of the item is lost but this.
            self.tell(replace(problem, severity="warning", file=linked.url))
        if not has_errors(problems):
            stored = store_transcript(episode, reading, people, source=FEED.name)
            self.report.outcome(f"{episode}: transcript", stored.outcome)


def add_websites(people: Iterable[Person]) -> None:
    """Where guests are on the web, where their rows don't say."""
    for person in people:
        if not is_web_url(person.href) or len(person.href) > longest(Guest, "website"):
            continue
        guest = Guest.objects.by_name([person.name]).get(person.name)
        if guest and not guest.website:
            guest.website = person.href
            guest.save(update_fields=["website"])
