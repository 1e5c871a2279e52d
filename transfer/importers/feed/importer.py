"""Imports a podcast's feed: the show, then each item in a transaction of its own."""

from collections import Counter
from dataclasses import dataclass, field, replace

from django.db import transaction

from episodes.models import Enclosure, Episode
from notes.grammar.draft import Draft, Facts
from notes.models import ImportSource
from show.models import Show
from text.problems import error, has_errors
from topics.models import Transcript
from transfer.importers.columns import fitting, longest
from transfer.importers.episode import import_episode
from transfer.importers.existing import find_episode
from transfer.importers.feed.belonging import require_ours
from transfer.importers.feed.boilerplate import Boilerplate
from transfer.importers.feed.draft import DraftBuilder
from transfer.importers.feed.fetch import LinkedFiles, OpenedFeed, best_transcript
from transfer.importers.feed.guest_details import add_details
from transfer.importers.feed.items import Item, ItemReader
from transfer.importers.feed.midnights import Midnights
from transfer.importers.feed.notes import NotesReader
from transfer.importers.feed.pages import FeedPage, PagedFeed, read_pages
from transfer.importers.feed.people import Credits
from transfer.importers.feed.show import import_channel
from transfer.importers.feed.support import merge_support
from transfer.importers.feed.untaken import report_untaken, untaken
from transfer.importers.feed.validation import FoundItem, is_same, refusal
from transfer.importers.gone import warn_of_gone
from transfer.importers.report import InvalidInput, Report
from transfer.importers.transcript import check, people_by_name, read_file, store_transcript


def import_feed(feed: OpenedFeed, report: Report, only_ours: bool = False) -> Show | None:
    """Import a feed with its further pages; problems and outcomes go to the report.

    Returns the show's row, in a dry run as it would be; None if nothing is imported.
    `only_ours`: a feed in which nothing is known here is refused.
    """
    report = report.within(feed.name)
    try:
        with read_pages(feed) as paged:
            if only_ours:
                require_ours(paged)
            return _import_pages(feed, paged, report)
    except InvalidInput as invalid:
        report.refuse(feed.name, invalid.problem)
        return None


def _import_pages(feed: OpenedFeed, paged: PagedFeed, report: Report) -> Show:
    report.problems(paged.problems)
    channel = paged.channel
    if channel.moved_to not in ("", feed.address, channel.address):
        message = "The feed says it has moved: import it from there."
        report.warn(message, field="new-feed-url", value=channel.moved_to)
    if len(paged.pages) > 1:
        report.note(f"The feed has {len(paged.pages):,} pages.")
    importer = _Importer(feed, paged, report, import_channel(channel, report))
    if assumption := paged.midnights.assumption(importer.show.zone):
        report.warn(assumption, field="pubDate", value=feed.name)
    for page, found in paged.items():
        importer.add(page, found)
    importer.finish()
    return importer.show


@dataclass(slots=True)
class _Importer:
    feed: OpenedFeed
    paged: PagedFeed
    report: Report
    show: Show
    linked_files: LinkedFiles = field(init=False)
    drafts: DraftBuilder = field(init=False)
    credits: Credits = field(init=False)
    others: Counter[str] = field(init=False)  # GUIDs
    slugs: Counter[str | None] = field(init=False)
    midnights: Midnights = field(init=False)
    accepted: dict[str, Item] = field(default_factory=dict)  # by GUID, without their notes
    page_of: dict[str, FeedPage] = field(default_factory=dict)  # by GUID
    boilerplate: Boilerplate = field(default_factory=Boilerplate)
    untaken: Counter[str] = field(default_factory=Counter)
    seasons: Counter[int] = field(default_factory=Counter)  # episodes without their number
    repeated: int = 0
    met: set[int] = field(default_factory=set)  # keys of the episodes that the items are

    def __post_init__(self) -> None:
        self.others, self.slugs = self.paged.guids, self.paged.slugs
        self.midnights = self.paged.midnights
        self.linked_files = LinkedFiles(self.feed.allowed)
        host = self.show.host.name if self.show.host else ""
        self.drafts = DraftBuilder(
            NotesReader(self.show.title, host),
            self.boilerplate,
            self.linked_files,
            self.untaken,
            self.feed.address,
        )
        self.credits = Credits(host)
        self.credits.add(self.paged.channel.people)

    def add(self, page: FeedPage, found: FoundItem) -> None:
        """Import one item, or report why not."""
        report = self.report.within(page.feed.name)
        if found.node is None:
            wrong = error(found.problem, found.line, field="item")
            report.refuse(f"Item at {found.line}", wrong)
            return
        item = ItemReader(found.node, found.line, page.base, self.show.zone).read()
        published = self.midnights.as_stated(item.published, self.show.zone)
        item = replace(item, published=published)
        is_elsewhere = self.page_of.setdefault(item.guid, page) is not page
        if is_elsewhere and is_same(item, self.accepted.get(item.guid)):
            self.repeated += 1
            return
        report.problems(item.problems)
        if problem := refusal(item, self.accepted):
            report.refuse(item.title or item.guid or f"Item at {item.line}", problem)
            return
        self.accepted[item.guid] = replace(item, notes="", problems=[])
        self.untaken += untaken(found.node)
        self.credits.add(item.people)
        self.write(item, page, report)

    def write(self, item: Item, page: FeedPage, report: Report) -> None:
        draft = self.drafts.build(item, report)
        facts = self.facts(item, page, report)
        with transaction.atomic():
            if item.blocked:
                facts = self.blocked(draft, facts, item, report)
            episode = import_episode(
                draft,
                facts,
                ImportSource.FEED,
                report,
                first_line=item.line,
                others=self.others,
                unread=self.drafts.unread,
            )
        if episode is None:
            return
        self.met.add(episode.pk)
        if report.dry_run:
            return
        for address, wrong in add_details(item.people, self.linked_files):
            report.warn(f"Couldn't take the photo: {wrong}", item.line, field="img", value=address)
        if episode.deleted_at is None:
            self.add_transcript(episode, item, report)

    def facts(self, item: Item, page: FeedPage, report: Report) -> Facts:
        image = item.image if item.image != self.paged.channel.image else ""
        texts, problems = fitting(Episode, {"image_url": image} if image else {})
        report.problems(replace(problem, line=item.line) for problem in problems)
        audio = item.enclosure
        if audio and len(audio.type or "") > longest(Enclosure, "type"):
            message = "Too long for a type; left out."
            report.warn(message, item.line, field="type", value=audio.type)
            audio = replace(audio, type=None)
        if audio is None:
            message = "An episode without audio."
            report.warn(message, item.line, field="enclosure", value=item.title)
        if item.published is None:
            message = "No date: imported as a draft."
            report.warn(message, item.line, field="pubDate", value=item.title)
        return Facts(
            kind=Episode.Kind.PODCAST,
            number=self.number(item, page),
            slug=item.slug if self.slugs[item.slug] == 1 else None,
            guid=item.guid,
            status=Episode.Status.PUBLISHED if item.published else None,
            published_at=item.published,
            type=item.type,
            season=item.season,
            explicit=item.explicit,
            image_url=texts.get("image_url"),
            enclosure=audio,
        )

    def number(self, item: Item, page: FeedPage) -> int | None:
        """The item's number, unless an earlier season has it: it is unique in the whole show."""
        if item.number is None or item.season is None:
            return item.number
        seasons = (each.survey.first_seasons for each in self.paged.pages)
        if item.season == min(each.get(item.number, item.season) for each in seasons):
            return item.number
        self.seasons[item.season] += 1
        return None

    def blocked(self, draft: Draft, facts: Facts, item: Item, report: Report) -> Facts:
        """The facts of an item that directories may not list: a draft, unless it is public here."""
        found = find_episode(draft, facts, self.others)
        if found is None or found.status == Episode.Status.DRAFT:
            message = "Blocked (itunes:block): imported as a draft."
            report.warn(message, item.line, field="block", value=item.title)
            return replace(facts, status=Episode.Status.DRAFT)
        message = f"Blocked (itunes:block), but here it is {found.status}: left so."
        report.warn(message, item.line, field="block", value=item.title)
        return replace(facts, status=None)

    def add_transcript(self, episode: Episode, item: Item, report: Report) -> None:
        """Store the transcript that the item links, if the episode has none yet."""
        if not item.transcripts or Transcript.objects.filter(episode=episode).exists():
            return
        best = best_transcript(item.transcripts)
        if best is None:
            types = ", ".join(linked.type for linked in item.transcripts)
            message = "Unsupported transcript format."
            report.warn(message, item.line, field="transcript", value=types)
            return
        linked, ending = best
        try:
            reading = read_file(self.linked_files.fetch(linked.url), f"transcript.{ending}")
        except (ValueError, OSError) as wrong:
            message = f"Couldn't fetch the transcript: {wrong}"
            report.warn(message, item.line, field="transcript", value=linked.url)
            return
        people = people_by_name(episode)
        problems = reading.problems + check(reading.cues, episode, people)
        # Warnings: the episode is imported without it.
        report.problems(
            replace(problem, severity="warning", file=linked.url) for problem in problems
        )
        if not has_errors(problems):
            outcome, _ = store_transcript(episode, reading, people, source=ImportSource.FEED)
            report.outcome(f"{episode}: transcript", outcome)

    def finish(self) -> None:
        """Report what concerns the whole feed, at last what was not taken."""
        for season, count in sorted(self.seasons.items()):
            message = (
                f"Season {season} counts anew, and numbers are unique here: its episodes are "
                f"without the numbers that an earlier season has ({count:,})."
            )
            self.report.warn(message)
        if self.repeated:
            self.report.note(f"Items that several pages have, taken once: {self.repeated:,}")
        dates = [item.published for item in self.accepted.values() if item.published]
        if dates and not self.paged.problems:  # or the items of an unread page would count as gone
            present, first = self.others, min(dates)
            warn_of_gone(ImportSource.FEED, "guid", present, self.report, first, self.met)
        if text := self.drafts.support.commonest:
            merge_support(text, self.report)
        self.credits.report(self.report)
        if named := self.boilerplate.named:
            self.report.note(f"Lines of hosting companies in the notes, left out: {named}")
        for address, count in self.boilerplate.support.most_common():
            message = "Left out with them, though it is for support: make it a call to action."
            self.report.note(f"  {address} ({count:,}): {message}")
        report_untaken(untaken(self.paged.pages[0].survey.node), self.untaken, self.report)
