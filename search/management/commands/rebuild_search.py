"""`./run manage rebuild_search`: derive the search index again from the episodes' rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from psycopg2.errors import InsufficientPrivilege

from search.index import rebuild


class Command(BaseCommand):
    help = "Derives the search index again. Searches use the former index until it is complete."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rebuild(self._progress)
        except ProgrammingError as error:
            if not isinstance(error.__cause__, InsufficientPrivilege):
                raise
            raise CommandError(
                f"{str(error).strip()}. Only the owner of the tables rebuilds the index: name its "
                "role in DATABASE_URL (docs/deploy.md, “Database roles”)."
            ) from error
        self.stdout.write(f"{count} episodes are searchable.")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {total}", ending="")
            if done == total:
                self.stderr.write("")
