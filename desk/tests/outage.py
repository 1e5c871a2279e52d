"""Saves that a real PostgreSQL interrupts in the middle of their transaction."""

import time

import pytest
from django.db import OperationalError, connection

from desk.tests.forms import FormReader

CONNECTION = "PERFORM pg_terminate_backend(pg_backend_pid());"
# A killed backend takes the whole server down, which recovers from its log. Other workers of a
# parallel run share the server, so tests with it are production tests, which run alone.
SERVER = "EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'kill -9 ' || pg_backend_pid());"

# In the middle of a save: topics are written, the revision isn't.
STRIKE = """
CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {blow}
    RETURN NEW;
END $$;
CREATE TRIGGER break_off BEFORE INSERT OR UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION break_off();
"""
BLOWS = [
    pytest.param(CONNECTION, id="connection"),
    pytest.param(SERVER, id="server", marks=pytest.mark.production),
]
PATIENCE = 60  # seconds for a server to recover


def break_off_saves(blow: str = CONNECTION, table: str = "notes_revision") -> None:
    """Interrupt every save of these rows from now on."""
    with connection.cursor() as cursor:
        # The tests' server may forget a commit, production's may not.
        cursor.execute("SET synchronous_commit = on")
        cursor.execute(STRIKE.format(blow=blow, table=table))


def spare() -> None:
    """Stop interrupting saves, once the server has recovered."""
    reconnect()
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS break_off CASCADE")


def reconnect() -> None:
    """Reconnect as Django does at the end of a request."""
    until = time.monotonic() + PATIENCE
    while True:
        connection.close()
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def retry_fields(content: bytes) -> dict[str, str]:
    """The fields of the page that repeats what was typed."""
    reader = FormReader()
    reader.feed(content.decode())
    return {name: value for name, value in reader.values.items() if name}
