"""`./run manage rebuild_search`: derive the search index again from the episodes' rows."""

from typing import Any

from django.core.management.base import BaseCommand

from search.index import rebuild


class Command(BaseCommand):
    help = "Derives the search index again. Searches use the former index until it is complete."

    def handle(self, *args: Any, **options: Any) -> None:
        count = rebuild(self._progress)
        self.stdout.write(f"{count} episodes are searchable.")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {total}", ending="")
            if done == total:
                self.stderr.write("")
