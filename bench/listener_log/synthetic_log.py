"""A synthetic log of nginx's, with all that makes counting hard.

Each agent has the app and the kind of device that a person would say it is.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of an episode: `tag` bytes of its `size` are no audio. A remote one only redirects."""

    episode: int
    slug: str
    path: str
    size: int
    seconds: int
    tag: int = 0
    is_remote: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """`app` is empty for what isn't a person's."""

    text: str
    app: str = ""
    device: str = ""


def agents() -> Iterator[Agent]:
    """Of people, and, without an app, of programs."""
    for line in Path(__file__).with_name("agents.tsv").read_text().splitlines()[1:]:
        app, device, text = line.split("\t")
        yield Agent(text, app, device)


LISTENING = tuple(agent for agent in agents() if agent.app)
OTHERS = tuple(agent for agent in agents() if not agent.app)
BROWSERS = tuple(agent for agent in LISTENING if agent.text.startswith("Mozilla/"))
INVALIDATOR = Agent("podcast-invalidator")  # asks for pages only
# Readers of feeds, each with its name and what it sends; the last says no number.
FEEDS = (
    ("Overcast", "Overcast/1.0 Podcast Sync ({} subscribers; feed-id=49; +http://overcast.fm/)"),
    ("Feedly", "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers)"),
    ("NewsBlur Feed Fetcher", "NewsBlur Feed Fetcher - {} subscribers - http://newsblur.com/1"),
    ("BazQux", "Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; {} subscribers)"),
    ("Inoreader", "Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; {} subscribers; )"),
    ("", "AntennaPod/3.1.0"),
)  # fmt: skip
REFERRERS = ("news.ycombinator.com", "www.google.com", "lobste.rs", "t.co", "example.org", "")
OWN_HOST = "podcast.example"
MOMENTS = (60, 125, 1526, 1600, 2400)


class SyntheticLog:
    """`lines()` are in the order of their times. The same seed gives the same lines."""

    def __init__(
        self, recordings: list[Recording], start: datetime, end: datetime, seed: int = 1
    ) -> None:
        self.random, self.recordings = Random(seed), recordings
        self.start, self.span = start, (end - start).total_seconds()
        self.addresses = [self._address() for _ in range(20_000)]
        self.number = 0

    def lines(self, count: int) -> list[bytes]:
        """At least so many, sorted; one in some thousands is unreadable."""
        found: list[tuple[datetime, str]] = []
        while len(found) < count:
            at = self.start + timedelta(seconds=int(self.random.random() * self.span))
            found += ((self._within(when), line) for when, line in self._event(at))
        found.sort(key=lambda each: each[0])
        return [f"{line}\n".encode() for _, line in found]

    def _within(self, at: datetime) -> datetime:
        return min(at, self.start + timedelta(seconds=self.span))

    def _event(self, at: datetime) -> Iterator[tuple[datetime, str]]:
        kind = self.random.random()
        if kind < 0.55:
            return self._listening(at)
        if kind < 0.6:
            return self._no_download(at)
        if kind < 0.7:
            return self._feed(at)
        return self._visit(at)

    def _listening(self, at: datetime) -> Iterator[tuple[datetime, str]]:
        """Somebody plays an episode: at once or in parts, to the end or not, perhaps again."""
        agent, address = self.random.choice(LISTENING), self.random.choice(self.addresses)
        # Mostly the newest.
        recording = self.recordings[int(len(self.recordings) * self.random.random() ** 3)]
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            if recording.is_remote:
                first = self.random.choice(("", "", "bytes=0-", "bytes=500000-"))
                yield self._line(
                    at, recording.path, agent, address, status=302, bytes=0, range=first
                )
            elif self.random.random() < 0.4:
                yield self._line(
                    at, recording.path, agent, address, bytes=self._received(recording)
                )
            else:
                yield from self._parts(at, recording, agent, address)
            at += timedelta(hours=self.random.choice((0.01, 1, 20, 23.9, 24, 25, 49)))

    def _parts(
        self, at: datetime, recording: Recording, agent: Agent, address: str
    ) -> Iterator[tuple[datetime, str]]:
        if self.random.random() < 0.5:
            yield self._line(
                at, recording.path, agent, address, status=206, bytes=2, range="bytes=0-1"
            )
        place = self.random.choice((0, 0, 0, recording.size // 2))
        for _ in range(self.random.randint(1, 6)):
            length = min(self.random.randint(1, 600_000), recording.size - place)
            if length <= 0:
                return
            last = self.random.choice(("", str(place + length - 1)))
            yield self._line(
                at, recording.path, agent, address,
                status=206, bytes=length, range=f"bytes={place}-{last}",
            )  # fmt: skip
            at += timedelta(seconds=self.random.randint(0, 300))
            place += self.random.choice((length, length, length, -length // 2, length * 2))
            place = max(0, place)

    def _no_download(self, at: datetime) -> Iterator[tuple[datetime, str]]:
        recording, address = self.random.choice(self.recordings), self.random.choice(self.addresses)
        person = self.random.choice(LISTENING)
        changes: dict[str, Any] = self.random.choice(
            (
                {"method": "HEAD", "bytes": 0},
                {"status": 304, "bytes": 0},
                {"status": 404},
                {"status": 416},
                {"status": 206, "range": "bytes=0-9,20-2000000"},
                {"purpose": "prefetch;prerender"},
                {"agent": self.random.choice(OTHERS).text},
                {"agent": self.random.choice(OTHERS).text},
            )
        )
        if recording.is_remote and "agent" not in changes:
            changes |= {"method": "HEAD"}
        values = {"bytes": recording.size, "agent": person.text} | changes
        yield self._line(at, recording.path, Agent(str(values.pop("agent"))), address, **values)
        if self.random.random() < 0.001:
            yield at, "no line of ours"

    def _feed(self, at: datetime) -> Iterator[tuple[datetime, str]]:
        _, text = self.random.choice(FEEDS)
        agent = Agent(text.format(self.random.randint(100, 130)))
        status = self.random.choice((200, 304, 404))
        yield self._line(at, "/podcast/feed.xml", agent, "", status=status, bytes=9000)

    def _visit(self, at: datetime) -> Iterator[tuple[datetime, str]]:
        agent = self.random.choice(
            self.random.choice((BROWSERS, (*LISTENING, *OTHERS, INVALIDATOR)))
        )
        recording = self.random.choice(self.recordings)
        start = self.random.choice(MOMENTS)
        place = self.random.choice(
            (
                f"/podcast/{recording.slug}",
                f"/podcast/{recording.slug}?t={start}",
                f"/podcast/{recording.slug}?t={start},{start + 60}",
                f"/podcast/{recording.slug}/transcript?t={start}",
                f"/podcast/nowhere?t={start}",
                "/", "/stack/", "/podcast/?page=2", "/static/site.css", "/robots.txt",
            )
        )  # fmt: skip
        referrer = self.random.choice((*REFERRERS, OWN_HOST))
        status = self.random.choice((200, 200, 200, 304, 301, 404))
        yield self._line(at, place, agent, "", status=status, bytes=9000, referrer=referrer)

    def _received(self, recording: Recording) -> int:
        """All of it or a part; also a byte less than a minute, and just a minute."""
        size, audio = recording.size, recording.size - recording.tag
        minute = recording.tag + min(audio, -(-audio * 60 // recording.seconds))
        return self.random.choice((size, size, size // 2, minute, minute - 1, 700_000, 900))

    def _line(
        self, at: datetime, uri: str, agent: Agent, address: str, **changes: Any
    ) -> tuple[datetime, str]:
        self.number += 1
        values = {
            "at": self._within(at).isoformat(timespec="seconds"),
            "machine": "one",
            "id": f"{self.number:032x}",
            "address": address,
            "method": "GET",
            "uri": uri,
            "status": 200,
            "bytes": 0,
            "seconds": 0.1,
            "range": "",
            "agent": agent.text,
            "purpose": "",
            "referrer": "",
            "cache": "",
        }
        return at, json.dumps(values | changes, ensure_ascii=False)

    def _address(self) -> str:
        if self.random.random() < 0.7:
            return ".".join(str(self.random.randint(1, 250)) for _ in range(4))
        household = f"2001:db8:{self.random.randint(1, 40):x}:{self.random.randint(1, 99):x}"
        return f"{household}::{self.random.randint(1, 65535):x}"
