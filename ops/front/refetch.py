"""Asks the front for pages anew, before the next visitor does."""

import http.client
import logging
import queue
import threading
from collections.abc import Iterable
from urllib.parse import urlsplit

from ops.front.kept import KeptPage

logger = logging.getLogger(__name__)
SECONDS = 60


class Refetcher:
    """A thread that asks for one page after another at the keeper's door (deploy/nginx).

    What is asked for there is made anew, and takes the place of what is kept.
    """

    def __init__(self, door: str, host: str) -> None:
        place = urlsplit(door)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, SECONDS)
        self._headers = {"Host": host, "Accept-Encoding": "gzip", "User-Agent": "front"}
        self._pages: queue.PriorityQueue[tuple[bool, int, str, KeptPage]] = queue.PriorityQueue()
        self._waiting: set[tuple[bool, str]] = set()
        threading.Thread(target=self._run, daemon=True).start()

    def renew(self, pages: Iterable[KeptPage]) -> None:
        """Have pages replaced that are still shown: before all others."""
        self._add(pages, is_dropped=False)

    def fetch(self, pages: Iterable[KeptPage]) -> None:
        """Have pages made that were dropped, unless a visitor asks sooner.

        The shortest addresses first, which are the home page, the lists and the feeds: where most
        visitors come in.
        """
        self._add(pages, is_dropped=True)

    def _add(self, pages: Iterable[KeptPage], *, is_dropped: bool) -> None:
        for page in pages:
            if (is_dropped, page.path) not in self._waiting:  # one that waits is asked for once
                self._waiting.add((is_dropped, page.path))
                self._pages.put((is_dropped, len(page.path), page.path, page))

    def _run(self) -> None:
        while True:
            is_dropped, _, path, page = self._pages.get()
            # First: what changes while it is being made has to be made again.
            self._waiting.discard((is_dropped, path))
            if is_dropped and page.file.exists():
                continue
            try:
                self._connection.request("GET", path, headers=self._headers)
                self._connection.getresponse().read()
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                logger.info("%s could not be asked for anew: %s", path, error)
