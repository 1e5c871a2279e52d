"""gunicorn's configuration: its processes share the site's memory."""

from tests.production import python

START = """
import gc, runpy, sys, threading
runpy.run_path("gunicorn.conf.py")["on_starting"](None)
from django.db import connection
print("podcast.urls" in sys.modules, gc.get_freeze_count() > 100_000)
print(connection.connection, threading.active_count())  # a fork would share or lose these
"""


def test_the_site_is_loaded_before_processes_fork():
    ran = python("-c", START)
    assert ran.stdout == "True True\nNone 1\n", ran.stderr
