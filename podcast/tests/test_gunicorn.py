"""gunicorn's configuration: its processes share the site's memory."""

import pytest

from tests.production import python

START = """
import gc, runpy, sys, threading
from types import SimpleNamespace
server = SimpleNamespace(cfg=SimpleNamespace(workers={}))
runpy.run_path("gunicorn.conf.py")["on_starting"](server)
from django.db import connection
print(*(name in sys.modules for name in ("podcast.settings", "podcast.urls")))
print(gc.get_freeze_count() > 100_000)
print(connection.connection, threading.active_count())  # a fork would share or lose these
"""


@pytest.mark.parametrize(("workers", "is_loaded"), [(2, True), (1, False)])
def test_the_site_is_loaded_before_processes_fork_that_share_it(workers: int, is_loaded: bool):
    ran = python("-c", START.format(workers))
    assert ran.stdout == f"{is_loaded} {is_loaded}\n{is_loaded}\nNone 1\n", ran.stderr


@pytest.mark.parametrize("workers", [2, 1])
def test_wrong_settings_end_it_with_a_sentence(workers: int):
    ran = python("-c", START.format(workers), SITE_URL="“podcast”.example")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "SITE_URL" in ran.stderr and "“podcast”" in ran.stderr
    assert "Traceback" not in ran.stderr
