"""The test database after a test that commits: copied anew from one that no test touched.

That takes half as long as Django's `flush`, and keeps the rows that migrations made, so that tests
can run in any order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection
from django.test import TransactionTestCase


@contextmanager
def copied_after_commits() -> Iterator[None]:
    """Instead of the flush of Django's `TransactionTestCase`. Other tests roll back as ever."""
    name = connection.settings_dict["NAME"]
    saved = False

    def set_up(*_: object) -> None:
        nonlocal saved
        if not saved:
            copy(name, copy_of(name))
            saved = True

    def tear_down(*_: object) -> None:
        copy(copy_of(name), name)

    with (
        mock.patch.object(TransactionTestCase, "_fixture_setup", set_up),
        mock.patch.object(TransactionTestCase, "_fixture_teardown", tear_down),
    ):
        yield


def copy_of(name: str) -> str:
    return f"{name}_untouched"


def drop_copy() -> None:
    """To be called at the end of all tests."""
    run("DROP DATABASE IF EXISTS {}", copy_of(connection.settings_dict["NAME"]))


def copy(source: str, target: str) -> None:
    """Replace the database `target`; whoever is connected to it, is cut off."""
    run("DROP DATABASE IF EXISTS {} WITH (FORCE)", target)
    run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", target, source)


def run(statement: str, *names: str) -> None:
    connection.close()  # a database with connections can't be copied
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement.format(*map(connection.ops.quote_name, names)))
