"""Compares two feeds as an app does: what it would download again, or show differently."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError

from text.problems import Problem, error
from transfer.importers.feed.boilerplate import Boilerplate
from transfer.importers.feed.channel import FeedChannel
from transfer.importers.feed.fetch import OpenedFeed
from transfer.importers.feed.items import Item, ItemReader
from transfer.importers.feed.pages import read_pages
from transfer.importers.feed.values import words
from transfer.importers.html_to_markdown import to_markdown
from transfer.importers.report import InvalidInput

# A difference in these makes apps download again, list an episode twice, or show what was hidden.
GRAVE = {"enclosure", "length", "date", "block", "podcast:guid"}
FEWEST_MISSING = 0.05  # of a description's words; fewer are only spelt otherwise
FEWEST_REPEATED = 3  # items with the same line: what hosts put below every episode
SHOWN_WORDS = 8
ADDRESS = re.compile(r"\]\([^)\s]*\)|<?https?://\S+")
WORD = re.compile(r"[^\W\d_]{2,}")

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Compared:
    """What an app shows of the show or an item; None or empty where the feed doesn't state it.

    `lines` are those of the description, as words.
    """

    title: str
    values: Mapping[str, object]
    lines: tuple[str, ...]

    def words(self, ignored: Container[str] = frozenset()) -> dict[str, None]:
        """The description's words, each once and in order, without the ignored lines."""
        lines = (line for line in self.lines if line not in ignored)
        return dict.fromkeys(word for line in lines for word in line.split())


@dataclass(frozen=True, slots=True)
class ComparedFeed:
    """The show, and its items by GUID in the feed's order."""

    show: Compared
    items: dict[str, Compared]

    def repeated_lines(self) -> set[str]:
        """Lines that most descriptions have."""
        counts = Counter(line for item in self.items.values() for line in set(item.lines))
        fewest = max(FEWEST_REPEATED, len(self.items) // 2)
        return {line for line, count in counts.items() if count >= fewest}


@dataclass(frozen=True, slots=True)
class FeedDifference:
    title: str
    what: str
    grave: bool

    def __str__(self) -> str:
        return f"{self.title}: {self.what}{' (!)' if self.grave else ''}"


@dataclass(slots=True)
class Comparison:
    """All differences, and the number of items in each feed.

    `repeated` counts the lines that most of the old descriptions have; they aren't compared.
    """

    old: int
    new: int
    problems: list[Problem]
    repeated: int = 0
    differences: list[FeedDifference] = field(default_factory=list)

    @property
    def grave_differences(self) -> int:
        return sum(difference.grave for difference in self.differences)

    def add(self, item: Compared, what: str, grave: bool = False) -> None:
        self.differences.append(FeedDifference(item.title, what, grave))

    def add_removed(self, guid: str, item: Compared, is_expected: bool) -> None:
        if is_expected:
            self.add(item, "withdrawn, as expected")
        elif item.values["block"]:
            self.add(item, f"removed: {guid}, which was blocked (itunes:block)")
        else:
            self.add(item, f"removed: {guid}", grave=True)

    @property
    def is_grave(self) -> bool:
        return bool(self.problems or self.grave_differences)


def compare(
    old: OpenedFeed,
    new: OpenedFeed,
    withdrawn: frozenset[str] = frozenset(),
    zone: ZoneInfo = UTC,
) -> Comparison:
    """What changes for an app, on all pages, item by item; the GUID identifies an item.

    A value that only the new feed states isn't a difference. `withdrawn` are GUIDs meant to be
    missing from the new feed. In a feed that states days, they begin in `zone`. Raises CommandError
    if one isn't a feed.
    """
    problems: list[Problem] = []
    was, now = _read(old, zone, problems), _read(new, zone, problems)
    before, after, repeated = was.items, now.items, was.repeated_lines()
    result = Comparison(len(before), len(after), problems, len(repeated))
    result.differences += _changes(was.show, now.show)
    for guid, item in before.items():
        if guid in after:
            result.differences += _changes(item, after[guid], repeated)
        else:
            result.add_removed(guid, item, guid in withdrawn)
    for guid, item in after.items():
        if guid not in before:
            result.add(item, f"added: {guid}", grave=True)
    in_both = [guid for guid in before if guid in after]
    reordered = [guid for guid in after if guid in before]
    # The first item out of order is enough: those below it follow from it.
    for expected, found in zip(in_both, reordered, strict=True):
        if expected != found:
            result.add(after[found], "order: moved; the items after it may have moved, too")
            break
    return result


def _read(feed: OpenedFeed, zone: ZoneInfo, problems: list[Problem]) -> ComparedFeed:
    """The feed with all its pages; of several items with one GUID, apps store the first."""
    items: dict[str, Compared] = {}
    try:
        with read_pages(feed) as paged:
            problems += paged.problems
            midnights = paged.midnights
            for page, found in paged.items():
                if found.node is None:
                    wrong = error(found.problem, found.line, field="item", file=page.feed.name)
                    problems.append(wrong)
                    continue
                item = ItemReader(found.node, found.line, page.base, UTC).read()
                item = replace(item, published=midnights.as_stated(item.published, zone))
                items.setdefault(item.guid, _item(item, paged.channel))
            return ComparedFeed(_show(paged.channel), items)
    except InvalidInput as invalid:
        raise CommandError(str(invalid.problem.at(feed.name))) from invalid


def _item(item: Item, channel: FeedChannel) -> Compared:
    audio = item.enclosure
    explicit = channel.flags.explicit if item.explicit is None else item.explicit
    values = {
        "enclosure": audio.url if audio else None,
        "length": audio.bytes if audio else None,
        "date": item.published,
        "type": audio.type if audio else None,
        "duration": audio.seconds if audio else None,
        "title": item.title or item.guid,
        "link": item.link,
        "image": item.image or channel.image,
        "number": item.number,
        "season": item.season,
        "episodeType": item.type or "full",
        "explicit": _yes_or_no(explicit),
        "block": "yes" if item.blocked else None,
    }
    lines = _lines(f"{item.summary}\n{to_markdown(item.notes)}")
    return Compared(item.title or item.guid, values, lines)


def _show(channel: FeedChannel) -> Compared:
    flags = channel.flags
    values = {
        "title": channel.title,
        "language": channel.language.lower(),
        "podcast:guid": channel.guid,
        "itunes:explicit": _yes_or_no(flags.explicit),
        "itunes:type": "serial" if flags.serial else "episodic",
        "itunes:block": "yes" if flags.blocked else None,
        "itunes:complete": "yes" if flags.complete else None,
        "podcast:locked": None if flags.locked is None else _yes_or_no(flags.locked),
    }
    return Compared("The show", values, _lines(to_markdown(channel.description)))


def _yes_or_no(value: bool | None) -> str:
    return "yes" if value else "no"


def _lines(markdown: str) -> tuple[str, ...]:
    """The lines' words, without addresses, times and the boilerplate of hosting companies."""
    text = ADDRESS.sub(" ", Boilerplate().without(markdown))
    lines = (" ".join(WORD.findall(words(line).casefold())) for line in text.split("\n"))
    return tuple(filter(None, lines))


def _changes(
    old: Compared, new: Compared, ignored: Container[str] = frozenset()
) -> Iterator[FeedDifference]:
    for name, before in old.values.items():
        after = new.values[name]
        if before and before != after:
            what = f"{name}: {before} → {after or 'none'}"
            yield FeedDifference(old.title, what, name in GRAVE)
    stated, found = old.words(ignored), new.words()
    missing = [word for word in stated if word not in found]
    if len(missing) > FEWEST_MISSING * len(stated):
        some = " ".join(missing[:SHOWN_WORDS])
        what = f"description: lacks {len(missing):,} of {len(stated):,} words: {some}"
        yield FeedDifference(old.title, what, grave=False)
