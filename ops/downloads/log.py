"""Parses the lines of nginx's log (log_format in deploy/nginx), as far as downloads need them."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote

from crawleruseragents import is_crawler  # type: ignore[import-untyped]

MAX_AGENT = 300  # characters, as in nginx's configuration: matching takes longer with each
# Podcast apps that crawler-user-agents lists because they also fetch feeds.
PODCAST_APPS = re.compile(
    r"Overcast/[\d.]+ \(\+http://overcast\.fm/; [^)]*podcast app\)"
    r"|PocketCasts/(?!.*Feed Parser)"
    r"|Podimo"
)
# Apple Watch fetches what its iPhone has fetched already (the guidelines' section on watchOS).
WATCH = re.compile(r"watchOS|Apple ?Watch", re.IGNORECASE)
# Players test for range support with this before they request audio.
PROBE = re.compile(r"bytes=0-[01]")
# Audio, a part of it, a redirect to it; and what a browser or app has already.
AUDIO = (200, 206, 302)
ANSWERED = (*AUDIO, 304)


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A GET that was answered. `sent` is in bytes; `referrer` is a host, or empty."""

    at: datetime
    address: str
    agent: str
    path: str
    query: str
    status: int
    sent: int
    range: str
    referrer: str

    @property
    def may_be_audio(self) -> bool:
        """Whether it may be a listener's by all but its path and user agent."""
        return self.status in AUDIO and bool(self.address) and not PROBE.fullmatch(self.range)


class UnreadableLine(ValueError):
    """Why a line isn't in our format."""


def parse_line(line: bytes) -> LoggedRequest | None:
    """The request, if it is a GET that was answered, but no prefetch. Raises UnreadableLine."""
    try:
        values = json.loads(line.decode("utf-8", "replace"))
        path, _, query = values["uri"].partition("?")
        request = LoggedRequest(
            at=datetime.fromisoformat(values["at"]),
            address=values["address"],
            agent=values["agent"][:MAX_AGENT],
            path=unquote(path),
            query=query,
            status=int(values["status"]),
            sent=int(values["bytes"]),
            range=values["range"],
            referrer=values.get("referrer", "").lower(),
        )
        is_prefetch = "prefetch" in values.get("purpose", "")
        is_get = values["method"] == "GET"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableLine(f"{type(error).__name__}: {error}") from error
    if not is_get or is_prefetch or request.status not in ANSWERED:
        return None
    return request


@lru_cache(maxsize=1024)
def is_listener(agent: str) -> bool:
    """Whether a program with this user agent plays audio to a person."""
    if not agent or WATCH.search(agent):
        return False
    return bool(PODCAST_APPS.search(agent)) or not is_crawler(agent)
