"""The invalidator on a replica, which sends no notifications."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bench.replica import pair, wait_until_equal
from caching.tests.factories import invalidator_of
from episodes.tests.factories import show
from ops.tests.installations import using
from show.models import Show

pytestmark = [pytest.mark.production, pytest.mark.slow]


def test_an_edit_is_seen_on_a_replica(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path, caplog: Any
) -> None:
    invalidator = invalidator_of(tmp_path)
    with django_db_blocker.unblock(), pair() as servers:
        primary = servers.make("primary")
        with using(primary):
            call_command("migrate", verbosity=0)
            show()
        servers.copy(primary, "replica")
        replica = servers.start("replica")
        wait_until_equal(primary, replica)
        with using(replica), caplog.at_level(logging.WARNING):
            invalidator.listen()
            before = invalidator.version
        assert "sends no notifications" in caplog.text
        with using(primary):
            Show.objects.update(title="Another Show")
        wait_until_equal(primary, replica)
        invalidator.poll()
        assert before and invalidator.version and invalidator.version.number > before.number
        assert [change.touched for _, change in invalidator.changes] == [None]
