"""What a line of nginx's log says, as far as downloads go (deploy/nginx, log_format podcast)."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from crawleruseragents import is_crawler  # type: ignore[import-untyped]

# The list has these for what they also do, such as fetching feeds. Here they are listeners.
LISTENERS = re.compile(
    r"Overcast/[\d.]+ \(\+http://overcast\.fm/; [^)]*podcast app\)"
    r"|PocketCasts/(?!.*Feed Parser)"
    r"|Podimo"
)
# The watch fetches what its phone has fetched already (guidelines, section on Apple's watchOS).
WATCH = re.compile(r"watchOS|Apple ?Watch", re.IGNORECASE)
# How players ask whether ranges work, before they ask for sound.
PROBE = re.compile(r"bytes=0-[01]")


@dataclass(frozen=True, slots=True)
class Request:
    """A GET that was answered with sound, or with the way to it. `sent` is in bytes."""

    at: datetime
    address: str
    agent: str
    path: str
    status: int
    sent: int
    range: str


class UnreadableLine(ValueError):
    """Why a line isn't what our nginx writes."""


def read_line(line: bytes) -> Request | None:
    """The request if it may be a listener's; None if not. Raises UnreadableLine."""
    try:
        told = json.loads(line.decode("utf-8", "replace"))
        request = Request(
            at=datetime.fromisoformat(told["at"]),
            address=told["address"],
            agent=told["agent"],
            path=unquote(told["uri"].partition("?")[0]),
            status=int(told["status"]),
            sent=int(told["bytes"]),
            range=told["range"],
        )
        is_ahead = "prefetch" in told.get("purpose", "")
        is_get = told["method"] == "GET"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableLine(f"{type(error).__name__}: {error}") from error
    if not is_get or is_ahead or request.status not in (200, 206, 302):
        return None
    is_heard = request.address and not PROBE.fullmatch(request.range)
    return request if is_heard and is_listener(request.agent) else None


def is_listener(agent: str) -> bool:
    """Whether a program of this name fetches for somebody to hear it."""
    if not agent or WATCH.search(agent):
        return False
    return bool(LISTENERS.search(agent)) or not is_crawler(agent)
