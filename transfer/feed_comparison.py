"""Compares two feeds as an app does: what it would download again, or show differently."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError

from text.problems import Problem, error
from transfer.importers.feed.fetch import OpenedFeed
from transfer.importers.feed.items import Item, ItemReader
from transfer.importers.feed.validation import found_items, survey
from transfer.importers.report import InvalidInput

# A difference in the first makes apps download again or list an episode twice.
GRAVE = ("enclosure", "length", "date")
SHOWN = ("type", "duration", "title", "link", "image", "number")

UTC = ZoneInfo("UTC")
Values = dict[str, object]  # of an item; None or empty if the feed doesn't state it


@dataclass(frozen=True, slots=True)
class FeedDifference:
    title: str
    what: str
    grave: bool

    def __str__(self) -> str:
        return f"{self.title}: {self.what}{' (!)' if self.grave else ''}"


@dataclass(slots=True)
class Comparison:
    """All differences, and the number of items in each feed."""

    old: int
    new: int
    problems: list[Problem]
    differences: list[FeedDifference] = field(default_factory=list)

    @property
    def grave_differences(self) -> int:
        return sum(difference.grave for difference in self.differences)

    def add(self, item: Values, what: str, grave: bool = False) -> None:
        self.differences.append(FeedDifference(str(item["title"]), what, grave))

    @property
    def is_grave(self) -> bool:
        return bool(self.problems or self.grave_differences)


def compare(
    old: OpenedFeed,
    new: OpenedFeed,
    withdrawn: frozenset[str] = frozenset(),
    zone: ZoneInfo = UTC,
) -> Comparison:
    """What changes for an app, item by item; the GUID identifies an item.

    A value that only the new feed states isn't a difference. `withdrawn` are GUIDs meant to be
    missing from the new feed. In a feed that states days, they begin in `zone`. Raises CommandError
    if one isn't a feed.
    """
    before, problems = _read(old, zone)
    after, more = _read(new, zone)
    result = Comparison(len(before), len(after), problems + more)
    for guid, item in before.items():
        if guid in after:
            result.differences += _changes(item, after[guid])
        elif guid in withdrawn:
            result.add(item, "withdrawn, as expected")
        else:
            result.add(item, f"removed: {guid}", grave=True)
    for guid, item in after.items():
        if guid not in before:
            result.add(item, f"added: {guid}", grave=True)
    in_both = [guid for guid in before if guid in after]
    reordered = [guid for guid in after if guid in before]
    # The first item out of order is enough: those below it follow from it.
    for was, now in zip(in_both, reordered, strict=True):
        if was != now:
            result.add(after[now], "order: moved; the items after it may have moved, too")
            break
    return result


def _read(feed: OpenedFeed, zone: ZoneInfo) -> tuple[dict[str, Values], list[Problem]]:
    """The items by GUID, in the feed's order; of several with one GUID, apps store the first."""
    try:
        surveyed = survey(feed.file, feed.address)
    except InvalidInput as invalid:
        raise CommandError(str(invalid.problem.at(feed.name))) from invalid
    items: dict[str, Values] = {}
    problems = [problem.at(feed.name) for problem in surveyed.problems]
    base = feed.address or surveyed.channel.link
    for found in found_items(feed.file, surveyed.prefixes):
        if found.node is None:
            problems.append(error(found.problem, found.line, field="item", file=feed.name))
            continue
        item = ItemReader(found.node, found.line, base, UTC).read()
        item = replace(item, published=surveyed.midnights.as_stated(item.published, zone))
        items.setdefault(item.guid, _values(item, surveyed.channel.image))
    return items, problems


def _values(item: Item, image: str) -> Values:
    audio = item.enclosure
    return {
        "enclosure": audio.url if audio else None,
        "length": audio.bytes if audio else None,
        "type": audio.type if audio else None,
        "duration": audio.seconds if audio else None,
        "date": item.published,
        "title": item.title or item.guid,
        "link": item.link,
        "image": item.image or image,
        "number": item.number,
    }


def _changes(old: Values, new: Values) -> Iterator[FeedDifference]:
    for name in (*GRAVE, *SHOWN):
        before, after = old[name], new[name]
        if before and before != after:
            what = f"{name}: {before} → {after or 'none'}"
            yield FeedDifference(str(old["title"]), what, name in GRAVE)
