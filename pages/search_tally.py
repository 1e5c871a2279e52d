"""Counts searches in this process and writes them once a minute, so that none waits for it."""

import atexit
import logging
from collections import Counter
from datetime import date
from threading import Lock, Timer

from django.db import Error, connection

from pages.models import DailySearch, normalized

logger = logging.getLogger(__name__)

SECONDS = 60
MAX_WAITING = 1000  # queries; while the database is away, new ones beyond these aren't counted


class SearchTally:
    """The searches that aren't written yet. A process that is killed loses them."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds, self.lock = seconds, Lock()
        self.counts: Counter[tuple[date, str]] = Counter()
        self.timer: Timer | None = None

    def record(self, query: str, day: date) -> None:
        key = day, normalized(query)
        with self.lock:
            if not key[1] or (key not in self.counts and len(self.counts) >= MAX_WAITING):
                return
            self.counts[key] += 1
            if self.timer is None:
                self.timer = Timer(self.seconds, self.write_in_thread)
                self.timer.daemon = True
                self.timer.start()

    def write(self) -> None:
        """Write what waits; if the database is away, it waits on."""
        with self.lock:
            counts, self.counts, self.timer = self.counts, Counter(), None
        try:
            DailySearch.objects.add(counts)
        except Error:
            logger.warning("The searches of the last minute aren't written yet.", exc_info=True)
            with self.lock:
                self.counts.update(counts)

    def write_in_thread(self) -> None:
        try:
            self.write()
        finally:
            connection.close()


tally = SearchTally()
atexit.register(tally.write_in_thread)
