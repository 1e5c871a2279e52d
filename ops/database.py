"""A database that programs are run on: its address, and a connection without Django."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import psycopg2
from django.db import connection
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import make_dsn, parse_dsn


@dataclass(frozen=True, slots=True)
class Database:
    """A database by its libpq parameters."""

    parameters: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.parameters["dbname"])

    @property
    def password(self) -> str:
        return str(self.parameters.get("password") or "")

    @property
    def secrets(self) -> dict[str, str]:
        """The environment that gives a program the password; without one, PGPASSWORD stays."""
        return {"PGPASSWORD": self.password} if self.password else {}

    @property
    def dsn(self) -> str:
        """The connection string without the password: other users can read command lines."""
        public = {name: value for name, value in self.parameters.items() if name != "password"}
        return make_dsn(**public)

    def named(self, name: str) -> "Database":
        return replace(self, parameters={**self.parameters, "dbname": name})

    def connect(self) -> Connection:
        """Raises psycopg2.OperationalError, whose message holds no password."""
        return psycopg2.connect(**self.parameters)


def default_database() -> Database:
    """The database of DATABASE_URL."""
    parameters = connection.get_connection_params()
    djangos = ("client_encoding", "cursor_factory", "context", "prepare_threshold")
    return Database({name: each for name, each in parameters.items() if name not in djangos})


def database_at(url: str) -> Database:
    """Raises ValueError if it isn't a PostgreSQL address."""
    try:
        parameters = parse_dsn(url)
    except psycopg2.ProgrammingError as error:
        # Not with the driver's message, which could hold the password.
        raise ValueError("This isn't a database address: postgres://USER@HOST/NAME") from error
    if not parameters.get("dbname"):
        raise ValueError("The address names no database: postgres://USER@HOST/NAME")
    return Database(parameters)
