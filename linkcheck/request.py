"""Requesting one address to see whether it still works, politely."""

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
BOT_NAME = "podcast-catalogue-links"
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
# The page exists but refuses programs, or so many requests. 999 is LinkedIn's own.
REFUSES_BOTS = {401, 402, 403, 405, 406, 407, 418, 425, 429, 451, 999}
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
DISALLOWED = "Not checked: its robots.txt asks programs to stay away."


def user_agent() -> str:
    """Names this site, so that the owner of the other can find out and object."""
    return f"Mozilla/5.0 (compatible; {BOT_NAME}/1.0; +{settings.SITE_URL}/)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a check. `final_url`: where redirects ended."""

    status: int | None = None
    reason: str = ""
    failed: bool = False  # for visitors, too
    https_works: bool = False
    busy: bool = False  # the host asks for a pause
    final_url: str = ""

    @property
    def is_gone(self) -> bool:
        return self.status in GONE


@dataclass
class LinkChecker:
    """Checks one address after the other, and leaves `pause` seconds between requests to a host.

    `allowed` are origins that may be in a private network, for tests.
    """

    pause: float = 3
    allowed: frozenset[str] = frozenset()
    robots: dict[str, RobotFileParser] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def check(self, url: str) -> Outcome:
        """Whether an address works and, for http, whether https does, too."""
        try:
            if not self._is_allowed(url):
                return Outcome(reason=DISALLOWED)
        except Refused as refused:
            return Outcome(reason=str(refused), failed=True)
        outcome = self._request(url)
        if not url.startswith("http://") or outcome.busy:
            return outcome
        secure = self._request(f"https://{url.removeprefix('http://')}")
        works = secure.final_url.startswith("https://")  # and not back to http
        return replace(outcome, https_works=works, busy=secure.busy)

    def wait_for(self, url: str) -> float:
        """Seconds until its host may be requested again."""
        return max(0, self.last.get(host(url), -self.pause) + self.pause - time.monotonic())

    def _request(self, url: str) -> Outcome:
        """By HEAD, then by GET if that fails: some servers know only GET."""
        outcome = self._outcome(partial(client.head, url, LIMITS), url)
        if outcome.failed or (outcome.status in REFUSES_BOTS and not outcome.busy):
            return self._outcome(partial(client.get, url, LIMITS), url)
        return outcome

    def _outcome(self, request: partial[client.Answer], url: str) -> Outcome:
        self._wait(url)
        headers: Mapping[str, str] = {"User-Agent": user_agent(), "Accept": "*/*"}
        try:
            answer = request(allowed=self.allowed, headers=headers)
        except TooLarge:
            return Outcome(HTTPStatus.OK, final_url=url)
        except Refused as refused:
            return Outcome(reason=str(refused), failed=True)
        except Failed as failure:
            status = failure.status
            failed, busy = status not in REFUSES_BOTS, status in BUSY
            return Outcome(status, str(failure), failed=failed, busy=busy)
        return Outcome(answer.status, final_url=answer.url)

    def _wait(self, url: str) -> None:
        time.sleep(self.wait_for(url))
        self.last[host(url)] = time.monotonic()

    def _is_allowed(self, url: str) -> bool:
        """By the host's robots.txt (RFC 9309). A missing or unreadable one allows everything."""
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
        return self.robots[site].can_fetch(BOT_NAME, url)


def host(url: str) -> str:
    return urlsplit(url).hostname or ""
