"""`./run manage rebuild_search`: derive the search index again from the episodes' rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection, transaction
from psycopg2.errors import InsufficientPrivilege

from search.index import rebuild
from search.vectors import VectorState, make_vectors, vector_state


class Command(BaseCommand):
    help = "Derives the search index again. Searches use the former index until it is complete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--missing",
            action="store_true",
            help="only make the vectors of search by meaning, where they can exist and don't",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["missing"]:
                self._make_missing_vectors()
                return
            count = rebuild(self._progress)
        except ProgrammingError as error:
            if not isinstance(error.__cause__, InsufficientPrivilege):
                raise
            raise CommandError(
                f"{str(error).strip()}. Only the owner of the tables rebuilds the index: name its "
                "role in DATABASE_URL (docs/deploy.md, “Database roles”)."
            ) from error
        self.stdout.write(f"{count} episodes are searchable.")

    def _make_missing_vectors(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if vector_state(cursor) == VectorState.INCOMPLETE:
                make_vectors(cursor)
                self.stdout.write("The vectors of search by meaning are new.")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {total}", ending="")
            if done == total:
                self.stderr.write("")
