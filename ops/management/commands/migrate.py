"""Django's `migrate`, one at a time on a database, so that two machines may be updated at once.

Afterwards the site's role and the invalidator's, if there are any, get their rights to new tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.errors import InsufficientPrivilege

from ops.database_roles import grant_rights

LOCK = (0x6D696772, 1)  # an advisory lock


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        if options["check_unapplied"] or options["plan"]:
            return super().execute(*args, **options)
        database = connections[options["database"]]
        try:
            with self.alone(database):
                output = super().execute(*args, **options)
                with database.cursor() as cursor:
                    grant_rights(cursor)
        except ProgrammingError as error:
            if not isinstance(error.__cause__, InsufficientPrivilege):
                raise
            raise CommandError(
                f"{str(error).strip()}. Only the owner of the tables migrates: name its role in "
                "DATABASE_URL (docs/deploy.md, “Database roles”)."
            ) from error
        return output

    @contextmanager
    def alone(self, database: BaseDatabaseWrapper) -> Iterator[None]:
        """Wait for other migrations. The lock has a connection of its own, and ends with it."""
        holder = database.copy()
        try:
            with holder.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
                if cursor.fetchone() == (False,):
                    self.stdout.write("Waiting for another migration of this database.")
                    self.stdout.flush()
                    cursor.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
            yield
        finally:
            holder.close()
