"""Counts a log by the text of the guidelines, in the plainest way: all in memory, sorted.

It shares no code with ops.downloads, and it goes about it differently: for each listener and file
it has all requests of the log at hand, cuts them into windows of 24 hours, and marks what was
received piece by piece. Who is a person is known from the log's maker.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from ipaddress import ip_address
from typing import Any

from bench.listener_log.synthetic_log import FEEDS, LISTENING, OWN_HOST, Agent, Recording

DAY = timedelta(hours=24)
AGENTS = {agent.text: agent for agent in LISTENING}
NOBODY = Agent("")
BROWSERS = {"Firefox", "Chrome", "Safari"}


@dataclass
class ReferenceCount:
    downloads: Counter[tuple[int, date]] = field(default_factory=Counter)
    apps: Counter[tuple[date, str]] = field(default_factory=Counter)
    devices: Counter[tuple[date, str]] = field(default_factory=Counter)
    moments: Counter[tuple[int, date, int, int]] = field(default_factory=Counter)
    referrers: Counter[tuple[date, str]] = field(default_factory=Counter)
    subscribers: dict[tuple[date, str], int] = field(default_factory=dict)


def reference_count(
    lines: Iterable[bytes], recordings: Iterable[Recording], zone: tzinfo
) -> ReferenceCount:
    found = ReferenceCount()
    files = {each.path: each for each in recordings}
    slugs = {each.slug: each.episode for each in recordings}
    listeners: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        if not line.startswith(b"{"):
            continue
        row = json.loads(line)
        row["time"] = datetime.strptime(row["at"], "%Y-%m-%dT%H:%M:%S%z")
        row["day"] = row["time"].astimezone(zone).date()
        if row["uri"] in files:
            if is_for_listening(row):
                listeners[whose(row["address"]), row["agent"], row["uri"]].append(row)
        elif row["method"] == "GET":
            _count_other(found, row, slugs)
    for (_, agent, uri), rows in listeners.items():
        rows.sort(key=lambda row: row["time"])
        recording = files[uri]
        for day in _download_days(rows, recording):
            found.downloads[recording.episode, day] += 1
            found.apps[day, AGENTS[agent].app] += 1
            found.devices[day, AGENTS[agent].device] += 1
    return found


def is_for_listening(row: Mapping[str, Any]) -> bool:
    """A person's GET of audio that isn't fetched in advance or to test for range support."""
    return (
        row["method"] == "GET"
        and row["agent"] in AGENTS
        and "prefetch" not in row["purpose"]
        and row["range"] not in ("bytes=0-0", "bytes=0-1")
    )


def whose(address: str) -> str:
    """An IPv4 address; of IPv6, the first 64 bits."""
    parsed = ip_address(address)
    return address if parsed.version == 4 else parsed.exploded[:19]


def _download_days(rows: list[dict[str, Any]], recording: Recording) -> list[date]:
    """The day of the request that completes a minute, once for each 24 hours."""
    days: list[date] = []
    start, done, pieces = None, False, list[tuple[int, int]]()
    for row in rows:
        if row["status"] not in (200, 206, 302):
            continue
        if start is None or row["time"] - start >= DAY:
            start, done, pieces = row["time"], False, []
        if done:
            continue
        if recording.is_remote:
            # Where it was sent from nobody knows; a request from the first byte counts.
            done = row["status"] == 302 and row["range"][:8] in ("", "bytes=0-")
        elif row["status"] != 302:
            pieces += _piece(row, recording)
            done = _length(pieces) >= _minute(recording)
        if done:
            days.append(row["day"])
    return days


def _minute(recording: Recording) -> int:
    """In bytes; of all that is audio, if it is shorter."""
    audio = recording.size - recording.tag
    return min(audio, math.ceil(audio * 60 / recording.seconds))


def _piece(row: Mapping[str, Any], recording: Recording) -> list[tuple[int, int]]:
    """Which bytes of audio were sent, without the tag before it."""
    first = 0
    if row["status"] == 206:
        if "," in row["range"]:
            return []
        first = int(row["range"].removeprefix("bytes=").split("-")[0])
    begin, end = max(first, recording.tag), first + row["bytes"]
    return [(begin, end)] if end > begin else []


def _length(pieces: list[tuple[int, int]]) -> int:
    """How many bytes are in at least one piece: a sweep over all beginnings and ends."""
    edges = sorted([(begin, 1) for begin, _ in pieces] + [(end, -1) for _, end in pieces])
    length = depth = before = 0
    for at, step in edges:
        length += at - before if depth else 0
        depth, before = depth + step, at
    return length


def _count_other(found: ReferenceCount, row: Mapping[str, Any], slugs: Mapping[str, int]) -> None:
    if row["status"] not in (200, 304) or "prefetch" in row["purpose"]:
        return
    if row["uri"] == "/podcast/feed.xml":
        for name, text in FEEDS:
            before, _, after = text.partition("{}")
            if name and row["agent"].startswith(before) and row["agent"].endswith(after):
                count = int(row["agent"][len(before) : len(row["agent"]) - len(after)])
                key = row["day"], name
                found.subscribers[key] = max(count, found.subscribers.get(key, 0))
        return
    if AGENTS.get(row["agent"], NOBODY).app not in BROWSERS or row["uri"] in (
        "/static/site.css",
        "/robots.txt",
    ):
        return
    page, _, query = row["uri"].partition("?")
    slug = page.split("/")[2] if page.startswith("/podcast/") else ""
    if query.startswith("t=") and slug in slugs:
        start, _, end = query[2:].partition(",")
        found.moments[slugs[slug], row["day"], int(start), int(end or 0)] += 1
    if row["referrer"] not in ("", OWN_HOST):
        found.referrers[row["day"], row["referrer"].replace("www.", "")] += 1
