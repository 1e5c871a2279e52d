"""Fetches invalidated pages from nginx before the next visitor does."""

import http.client
import logging
import queue
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from caching.nginx.cache_files import CachedPage

logger = logging.getLogger(__name__)
TIMEOUT_SECONDS = 60
# Enough for an edited page, and little enough that an import's hundreds don't delay the home page.
PRIORITY_SECONDS = 0.1
SITE_SECONDS = 300
AGENT = {"User-Agent": "podcast-invalidator"}


def wait_for_site(url: str, host: str) -> None:
    """Until the site is healthy, as far as nginx's refresh port shows, or some minutes."""
    address, until = urlsplit(url), time.monotonic() + SITE_SECONDS
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, 10)
        try:
            with closing(connection):
                connection.request("GET", "/health", headers={"Host": host, **AGENT})
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
        except (OSError, http.client.HTTPException) as error:
            logger.debug("The site doesn't answer: %s", error)
        time.sleep(0.5)


class Refetcher:
    """A thread that fetches pages from nginx's refresh port, which has them rendered anew.

    Shortest addresses first: the home page, the lists and the feeds have the most visitors.
    """

    def __init__(self, url: str, host: str, behind: "Refetcher | None" = None) -> None:
        """`behind`: the other one goes first. Meanwhile visitors may bring pages back into the
        cache; those aren't fetched again."""
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port, TIMEOUT_SECONDS
        )
        self._headers = {
            "Host": host,
            "Accept-Encoding": "gzip",
            **AGENT,
            "Connection": "close",  # nginx would close an idle one unnoticed
        }
        self._behind = behind
        self._pages: queue.PriorityQueue[tuple[int, str, Path]] = queue.PriorityQueue()
        self._waiting: set[str] = set()
        self._is_done = threading.Event()
        self._is_done.set()
        threading.Thread(target=self._run, daemon=True).start()

    def fetch(self, pages: Iterable[CachedPage]) -> None:
        """Queue the pages; one that is waiting already is fetched once."""
        for page in pages:
            if page.path not in self._waiting:
                self._waiting.add(page.path)
                self._is_done.clear()
                self._pages.put((len(page.path), page.path, page.file))

    def _run(self) -> None:
        while True:
            _, path, file = self._pages.get()
            if self._behind:
                self._behind.wait(PRIORITY_SECONDS)
            # Before fetching: a page that changes while it is rendered has to be queued again.
            self._waiting.discard(path)
            started = time.monotonic()
            if not self._behind or not file.exists():
                self._get(path)
            if self._pages.empty():
                self._is_done.set()
            if self._behind:  # hundreds may wait: half of the time is left to visitors
                time.sleep(time.monotonic() - started)

    def wait(self, seconds: float) -> None:
        """Until the queue is empty, or this long."""
        self._is_done.wait(seconds)

    def _get(self, path: str) -> None:
        try:
            self._connection.request("GET", path, headers=self._headers)
            self._connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            logger.info("%s could not be fetched again: %s", path, error)
