"""Run one of manage.py's commands in the current folder's clone, and print what it took as JSON.

Executed by bench.imports, as a file: the clone may be older than this.
"""

import json
import os
import sys
import time
from io import StringIO
from pathlib import Path

sys.path[0] = os.getcwd()

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

queries = 0


def counted(execute, *arguments):
    global queries
    queries += 1
    return execute(*arguments)


def cpu_ms() -> float:
    """CPU time of this process and, on Linux, of its database backend."""
    nanoseconds = int(database.read_text().split()[0]) if database.exists() else 0
    return (time.process_time_ns() + nanoseconds) / 1e6


with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    database = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
started, cpu_started = time.perf_counter(), cpu_ms()
with connection.execute_wrapper(counted):
    call_command(*sys.argv[1:], stdout=StringIO())
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "cpu": (cpu_ms() - cpu_started) / 1000, "queries": queries}))
