"""Asks the front for pages anew, before the next visitor does."""

import http.client
import logging
import queue
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from caching.nginx.cache_files import CachedPage

logger = logging.getLogger(__name__)
SECONDS = 60
# An edited page is made in less; an import's hundreds don't hold up the home page.
BEHIND_SECONDS = 0.1


class Refetcher:
    """A thread that asks for one page after another at the keeper's door (deploy/nginx).

    What is asked for there is made anew, and takes the place of what is kept. The shortest
    addresses first, which are the home page, the lists and the feeds: where most visitors come in.
    """

    def __init__(self, door: str, host: str, behind: "Refetcher | None" = None) -> None:
        """`behind`: that one goes first, and meanwhile visitors may: what they have brought back
        isn't asked for again."""
        place = urlsplit(door)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, SECONDS)
        self._headers = {
            "Host": host,
            "Accept-Encoding": "gzip",
            "User-Agent": "front",
            "Connection": "close",  # nginx would end it between two edits, unnoticed
        }
        self._behind = behind
        self._pages: queue.PriorityQueue[tuple[int, str, Path]] = queue.PriorityQueue()
        self._waiting: set[str] = set()
        self._is_done = threading.Event()
        self._is_done.set()
        threading.Thread(target=self._run, daemon=True).start()

    def fetch(self, pages: Iterable[CachedPage]) -> None:
        """Soon; a page that waits already is asked for once."""
        for page in pages:
            if page.path not in self._waiting:
                self._waiting.add(page.path)
                self._is_done.clear()
                self._pages.put((len(page.path), page.path, page.file))

    def _run(self) -> None:
        while True:
            _, path, file = self._pages.get()
            if self._behind:
                self._behind.wait(BEHIND_SECONDS)
            # First: what changes while it is being made has to be made again.
            self._waiting.discard(path)
            begun = time.monotonic()
            if not self._behind or not file.exists():
                self._ask(path)
            if self._pages.empty():
                self._is_done.set()
            if self._behind:  # hundreds may wait: half the time is left to visitors
                time.sleep(time.monotonic() - begun)

    def wait(self, seconds: float) -> None:
        """Until all was asked for that was to be, or so long."""
        self._is_done.wait(seconds)

    def _ask(self, path: str) -> None:
        try:
            self._connection.request("GET", path, headers=self._headers)
            self._connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            logger.info("%s could not be asked for anew: %s", path, error)
