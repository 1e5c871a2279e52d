"""Operations for migrations: install SQL from files, and rename functions."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunSQL

HASH_LENGTH = 12


def sql_file(package: str, name: str) -> Path:
    """The path of a package's SQL file for a function or a set of triggers."""
    return Path(settings.BASE_DIR, package, "sql", name)


def sql_hash(path: Path) -> str:
    """The hash of a file, which a migration records."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LENGTH]


class InstallSQL(Operation):
    """Run files of a package's sql/ folder, in this order; the hashes record what they say.

    A file holds a function or a set of triggers in its present form and can be run again. Whoever
    changes one adds a migration with its new hash. An earlier migration runs the present text too,
    so bodies may name columns that a later migration adds, and a file may be gone since.
    """

    reduces_to_sql = True

    def __init__(self, package: str, files: Mapping[str, str]) -> None:
        self.package = package
        self.files = files

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute("SET LOCAL check_function_bodies = off")
        for name in self.files:
            path = sql_file(self.package, name)
            if path.exists():
                schema_editor.execute(path.read_text(), params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Do nothing: no file has the former text."""

    def describe(self) -> str:
        return f"Install {self.package}/sql: {', '.join(self.files)}"


class RenameFunction(RunSQL):
    """Rename a function that an earlier version made; indexes follow without being rebuilt."""

    def __init__(self, former: str, name: str) -> None:
        self.former = former
        self.name = name
        arguments = former[former.index("(") :]
        rename = (
            f"DO $$ BEGIN IF to_regprocedure('{former}') IS NOT NULL "
            f"AND to_regprocedure('{name}{arguments}') IS NULL THEN "
            f"ALTER FUNCTION {former} RENAME TO {name}; END IF; END $$"
        )
        super().__init__(rename, RunSQL.noop)  # the former name is another function's by then

    def describe(self) -> str:
        return f"Rename function {self.former} to {self.name}"
