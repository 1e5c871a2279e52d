"""Reads the people of a feed. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from notes.grammar.lines import one_line
from text.names import normalise_name
from transfer.importers.feed.values import plain
from transfer.importers.feed.xml_tree import Node
from transfer.importers.report import Report

GUESTS = {"guest", "guest host"}
MOST_NAMED = 30


@dataclass(frozen=True, slots=True)
class Person:
    """Someone the feed credits. `is_cast` is false for the crew, such as editors."""

    name: str
    role: str = "host"
    href: str = ""
    image: str = ""
    is_cast: bool = True

    @property
    def is_guest(self) -> bool:
        return self.is_cast and self.role in GUESTS

    @property
    def is_host(self) -> bool:
        return self.is_cast and self.role == "host"


def read_people(node: Node) -> tuple[Person, ...]:
    """The people of an item or channel; the default role is host (podcast namespace).

    Atom's contributors have no role, so they aren't guests.
    """
    people = [
        Person(
            plain(person.text),
            person.get("role").lower() or "host",
            person.get("href"),
            person.get("img"),
            person.get("group").lower() in ("", "cast"),
        )
        for person in node.all("podcast:person")
    ]
    people += [
        Person(
            plain(each.value("atom:name", "name")),
            "contributor",
            each.value("atom:uri", "uri"),
            is_cast=False,
        )
        for each in node.all("atom:contributor")
    ]
    return tuple(person for person in people if person.name)


@dataclass(slots=True)
class Credits:
    """Counts the people who have no place here: co-hosts, crew, contributors."""

    host: str = ""  # the show's
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, people: Iterable[Person]) -> None:
        for person in people:
            is_the_host = person.is_host and normalise_name(person.name) == normalise_name(
                self.host
            )
            if not person.is_guest and not is_the_host:
                picture = ", with a picture" if person.image else ""
                self.counts[f"{one_line(person.name)[:80]} ({person.role[:40]}{picture})"] += 1

    def report(self, report: Report) -> None:
        if not self.counts:
            return
        named = [f"{name}: {count:,}" for name, count in self.counts.most_common(MOST_NAMED)]
        more = len(self.counts) - len(named)
        named += [f"and {more:,} more"] if more > 0 else []
        report.warn(f"Neither guests nor the show's host; left out: {'; '.join(named)}.")
