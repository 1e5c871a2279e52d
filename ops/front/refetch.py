"""Asks the front for pages that were dropped, before the next visitor does."""

import http.client
import logging
import queue
import threading
from collections.abc import Iterable
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)
SECONDS = 60


class Refetcher:
    """A thread that fetches one page after another, the shortest addresses first.

    These are the home page, the lists and the feeds: where most visitors come in.
    """

    def __init__(self, front: str, host: str) -> None:
        place = urlsplit(front)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, SECONDS)
        self._headers = {"Host": host, "Accept-Encoding": "gzip", "User-Agent": "front"}
        self._paths: queue.PriorityQueue[tuple[int, str]] = queue.PriorityQueue()
        self._waiting: set[str] = set()
        threading.Thread(target=self._run, daemon=True).start()

    def fetch(self, paths: Iterable[str]) -> None:
        """Soon; a page that waits already is fetched once."""
        for path in paths:
            if path not in self._waiting:
                self._waiting.add(path)
                self._paths.put((len(path), path))

    def _run(self) -> None:
        while True:
            _, path = self._paths.get()
            # First: what changes while it is being fetched has to be fetched again.
            self._waiting.discard(path)
            try:
                self._connection.request("GET", path, headers=self._headers)
                self._connection.getresponse().read()
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                logger.info("%s could not be fetched again: %s", path, error)
