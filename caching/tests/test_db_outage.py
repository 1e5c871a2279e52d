import psycopg2
import pytest
from django import db
from django.db import InternalError, connection

from caching.db_outage import is_db_outage

AWAY = (db.OperationalError, db.InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)
REFUSALS = (
    db.ProgrammingError, db.IntegrityError, db.DataError, db.NotSupportedError, db.InternalError,
    psycopg2.ProgrammingError, psycopg2.IntegrityError, psycopg2.DataError,
)  # fmt: skip


@pytest.mark.parametrize("kind", [*AWAY, psycopg2.DatabaseError])
def test_outages(kind: type[Exception]):
    assert is_db_outage(kind("server closed the connection unexpectedly"))


@pytest.mark.parametrize("kind", [*REFUSALS, db.DatabaseError, OSError, ValueError])
def test_refusals_and_programming_errors_are_none(kind: type[Exception]):
    assert not is_db_outage(kind("column does not exist"))
    assert not is_db_outage(None)


def test_the_bare_error_of_a_server_that_dies_while_it_answers():
    with pytest.raises(db.DatabaseError) as raised, connection.wrap_database_errors:
        raise psycopg2.DatabaseError("server closed the connection unexpectedly")
    assert type(raised.value) is db.DatabaseError
    assert is_db_outage(raised.value)


def test_an_error_with_a_code_is_a_refusal(db):
    with pytest.raises(Exception) as raised, connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '01000'; END $$")
    assert type(raised.value.__cause__) is psycopg2.DatabaseError
    assert not is_db_outage(raised.value)


def test_a_database_that_takes_no_writes(db):
    with pytest.raises(InternalError) as raised, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY; DELETE FROM django_session")
    assert is_db_outage(raised.value)
