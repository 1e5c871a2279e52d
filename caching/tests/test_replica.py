"""The keeper beside a site that reads from a replica, which nobody can listen to."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from bench.replica import pair, wait_until_equal
from caching.nginx.cache_files import Cache
from caching.nginx.invalidator import Keeper
from episodes.tests.factories import show
from ops.tests.installations import using
from show.models import Show

pytestmark = [pytest.mark.production, pytest.mark.slow]


def test_an_edit_is_seen_on_a_replica(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path, caplog: Any
) -> None:
    keeper = Keeper(Cache(tmp_path))
    with django_db_blocker.unblock(), pair() as servers:
        primary = servers.make("primary")
        with using(primary):
            call_command("migrate", verbosity=0)
            show()
        servers.copy(primary, "replica")
        replica = servers.start("replica")
        wait_until_equal(primary, replica)
        with using(replica), caplog.at_level(logging.WARNING):
            keeper.listen()
            before = keeper.state
        assert "tells of no commit" in caplog.text
        with using(primary):
            Show.objects.update(title="Another Show")
        wait_until_equal(primary, replica)
        with using(replica):
            connection.ensure_connection()  # in production it never left
            keeper.look()
        assert before and keeper.state and keeper.state.version > before.version
        assert [change.touched for _, change in keeper.changes] == [None]
