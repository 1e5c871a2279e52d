"""Two feeds as an app sees them, one after the other: what it would do again, or show anew."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from text.problems import Problem, error
from transfer.importers.feed.fetch import Opened
from transfer.importers.feed.items import Item, read_item
from transfer.importers.feed.validation import Unreadable, found_items, survey

UTC = ZoneInfo("UTC")
# What makes apps download again or list an episode twice, then what they only show.
GRAVE = ("enclosure", "length", "date")
SHOWN = ("type", "duration", "title", "link", "image", "number")


@dataclass(frozen=True, slots=True)
class Seen:
    """An item as an app keeps it. None or empty: the feed doesn't say."""

    guid: str
    values: dict[str, object]

    @property
    def title(self) -> str:
        return str(self.values["title"] or self.guid)


@dataclass(frozen=True, slots=True)
class Difference:
    title: str
    what: str
    grave: bool

    def __str__(self) -> str:
        return f"{self.title}: {self.what}{' (!)' if self.grave else ''}"


@dataclass(slots=True)
class Comparison:
    """All that differs, and how many items each feed has."""

    old: int
    new: int
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def grave(self) -> bool:
        return bool(self.problems) or any(each.grave for each in self.differences)


def compare(old: Opened, new: Opened, withdrawn: frozenset[str] = frozenset()) -> Comparison:
    """What an app would see change, item by item, known by GUID.

    What the old feed didn't say and the new one does is no difference. `withdrawn` are GUIDs
    meant to be missing from the new one. Raises survey.Unreadable.
    """
    before, problems = _read(old)
    after, more = _read(new)
    result = Comparison(len(before), len(after), problems=problems + more)
    for guid, item in before.items():
        if guid in after:
            result.differences += _changes(item, after[guid])
        elif guid in withdrawn:
            result.differences.append(Difference(item.title, "withdrawn, as expected", False))
        else:
            result.differences.append(Difference(item.title, f"removed: {guid}", True))
    result.differences += [
        Difference(item.title, f"added: {guid}", True)
        for guid, item in after.items()
        if guid not in before
    ]
    result.differences += _moved(
        [g for g in before if g in after], [g for g in after if g in before], after
    )
    return result


def _read(feed: Opened) -> tuple[dict[str, Seen], list[Problem]]:
    """The items by GUID, in the feed's order; of several with one GUID, apps keep the first."""
    try:
        surveyed = survey(feed.file, feed.address)
    except Unreadable as wrong:
        raise Unreadable(wrong.problem.at(feed.name)) from wrong
    seen: dict[str, Seen] = {}
    problems = [problem.at(feed.name) for problem in surveyed.problems]
    base = feed.address or surveyed.channel.link
    for found in found_items(feed.file, surveyed.prefixes):
        if found.node is None:
            problems.append(error(found.problem, found.line, field="item", file=feed.name))
            continue
        item = read_item(found.node, found.line, base, UTC)
        seen.setdefault(item.guid, _seen(item, surveyed.channel.image))
    return seen, problems


def _seen(item: Item, image: str) -> Seen:
    audio = item.enclosure
    values: dict[str, object] = {
        "enclosure": audio.url if audio else None,
        "length": audio.bytes if audio else None,
        "type": audio.type if audio else None,
        "duration": audio.seconds if audio else None,
        "date": item.published,
        "title": item.title,
        "link": item.link,
        "image": item.image or image,
        "number": item.number,
    }
    return Seen(item.guid, values)


def _changes(old: Seen, new: Seen) -> Iterator[Difference]:
    for name in (*GRAVE, *SHOWN):
        before, after = old.values[name], new.values[name]
        if before and before != after:
            yield Difference(old.title, f"{name}: {before} → {after or 'none'}", name in GRAVE)


def _moved(before: list[str], after: list[str], items: dict[str, Seen]) -> list[Difference]:
    """The first item that stands elsewhere than it did, as apps list them."""
    for old, new in zip(before, after, strict=True):
        if old != new:
            what = "order: stands where another stood; what follows may, too"
            return [Difference(items[new].title, what, False)]
    return []
