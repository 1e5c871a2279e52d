"""`./run manage rebuild_search`: derive the whole search index anew from the episodes' rows."""

from typing import Any

from django.core.management.base import BaseCommand

from search.index import rebuild


class Command(BaseCommand):
    help = "Derives the whole search index anew, at once for all who search."

    def handle(self, *args: Any, **options: Any) -> None:
        count = rebuild(self._progress)
        self.stdout.write(f"{count} episodes are searchable.")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {total}", ending="")
            if done == total:
                self.stderr.write("")
