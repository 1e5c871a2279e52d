"""Asking one address whether it still leads somewhere, as a polite visitor."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from django.conf import settings

from net import client
from net.addresses import Refused, origin
from net.client import Failed, FetchError, Limits, TooLarge

LIMITS = Limits(bytes=200_000, seconds=15)
ROBOTS_LIMITS = Limits(bytes=500_000, seconds=10)
NAME = "podcast-catalogue-links"
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
# It is there; it only won't talk to programs, or not so often. LinkedIn's own is 999.
NOT_FOR_PROGRAMS = {401, 402, 403, 405, 406, 407, 418, 425, 429, 451, 999}
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
DISALLOWED = "Its robots.txt asks programs to stay away, so it wasn't asked."


def user_agent() -> str:
    """Who asks, so that a site's owner can find out and object."""
    return f"Mozilla/5.0 (compatible; {NAME}/1.0; +{settings.SITE_URL}/)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking. `failed`: nobody gets there; `busy`: the host wants to be left alone;
    `led_to`: where redirects ended."""

    status: int | None = None
    reason: str = ""
    failed: bool = False
    https_works: bool = False
    busy: bool = False
    led_to: str = ""

    @property
    def is_gone(self) -> bool:
        return self.status in GONE


@dataclass
class Visitor:
    """Asks one address after the other, and no host twice within `pause` seconds.

    `allowed` are origins that may be in a private network, for tests.
    """

    pause: float = 3
    allowed: frozenset[str] = frozenset()
    robots: dict[str, RobotFileParser] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def ask(self, url: str) -> Outcome:
        """Whether an address leads somewhere, and if it is http, whether https does too."""
        try:
            if not self._may_ask(url):
                return Outcome(reason=DISALLOWED)
        except Refused as refused:
            return Outcome(reason=str(refused), failed=True)
        outcome = self._asked(url)
        if not url.startswith("http://") or outcome.busy:
            return outcome
        secure = self._asked(f"https://{url.removeprefix('http://')}")
        works = secure.led_to.startswith("https://")  # and not back to http
        return replace(outcome, https_works=works, busy=secure.busy)

    def rests(self, url: str) -> float:
        """Seconds until its host may be asked again."""
        return max(0, self.last.get(host(url), -self.pause) + self.pause - time.monotonic())

    def _asked(self, url: str) -> Outcome:
        """By HEAD; by GET if that doesn't help, since some servers know only GET."""
        outcome = self._outcome(partial(client.head, url, LIMITS), url)
        if outcome.failed or (outcome.status in NOT_FOR_PROGRAMS and not outcome.busy):
            return self._outcome(partial(client.get, url, LIMITS), url)
        return outcome

    def _outcome(self, request: partial[client.Answer], url: str) -> Outcome:
        self._wait(url)
        headers: Mapping[str, str] = {"User-Agent": user_agent(), "Accept": "*/*"}
        try:
            answer = request(allowed=self.allowed, headers=headers)
        except TooLarge:
            return Outcome(HTTPStatus.OK, led_to=url)
        except Refused as refused:
            return Outcome(reason=str(refused), failed=True)
        except Failed as failure:
            status = failure.status
            refuses = status in NOT_FOR_PROGRAMS
            return Outcome(status, str(failure), failed=not refuses, busy=status in BUSY)
        return Outcome(answer.status, led_to=answer.url)

    def _wait(self, url: str) -> None:
        time.sleep(self.rests(url))
        self.last[host(url)] = time.monotonic()

    def _may_ask(self, url: str) -> bool:
        """As the host's robots.txt says (RFC 9309). Without one, or a readable one, all may."""
        site = origin(url)
        if site not in self.robots:
            rules = RobotFileParser()
            self._wait(url)
            try:
                answer = client.get(
                    f"{site}/robots.txt", ROBOTS_LIMITS, self.allowed, {"User-Agent": user_agent()}
                )
                rules.parse(answer.body.decode("utf-8", "replace").splitlines())
            except FetchError:
                rules.parse([])
            self.robots[site] = rules
        return self.robots[site].can_fetch(NAME, url)


def host(url: str) -> str:
    return urlsplit(url).hostname or ""
