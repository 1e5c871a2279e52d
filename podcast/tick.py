"""The periodic work of each minute: python -m podcast.tick

Most minutes have none, and loading Django to find that out takes ten times the computing. So this
asks the database what a minute may not wait for, and becomes `manage.py tick` if there is any, and
every EVERY for what is due by its age. It also does so when it can't tell: the command says why.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg2 import Error

from caching.nginx.presence import MISSED, RESTARTING, announced
from caching.version import read_state
from ops.downloads.log_files import first_line
from podcast.database import connect
from podcast.version import RELEASE
from show.clock.jumps import SKEW

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
EVERY = timedelta(minutes=10)
# Whether the last tick failed, wasn't idle, or saw other content than this; whether the last one of
# all jobs, which reads the clock, is too old; and what a host or a hub waits for.
DUE = """
SELECT tick.problem <> '' OR tick.idle_etag <> %(etag)s
    OR NOT EXISTS (SELECT FROM show_clockreading
                   WHERE read_at > %(now)s - %(every)s AND read_at <= %(now)s + %(skew)s)
    OR EXISTS (SELECT FROM episodes_discardedfile WHERE keep_until IS NULL OR keep_until <= %(now)s)
    OR EXISTS (SELECT FROM desk_link WHERE asked_at IS NOT NULL)
    OR EXISTS (SELECT FROM feeds_told WHERE failures > 0 AND next_try <= %(now)s)
FROM ops_jobrun AS tick WHERE name = 'tick'
"""
INVALIDATOR = "SELECT ended_at FROM ops_jobrun WHERE name = 'invalidator'"
LOG = 'SELECT "offset", read_at FROM ops_logread WHERE first = %s'
RECORD = "UPDATE ops_jobrun SET ended_at = %s, succeeded_at = %s WHERE name = ANY(%s)"


def is_anything_due(cursor: Any, log: str, now: datetime) -> bool:
    """Whether some job may have something to do. If none has, that is recorded as a run.

    `log` is DOWNLOADS_LOG. Raises Error and OSError.
    """

    def row(query: str, parameters: Any = None) -> tuple[Any, ...]:
        cursor.execute(query, parameters)
        return cursor.fetchone() or ()

    etag = read_state(row, now, RELEASE, None).etag
    values = {"etag": etag, "now": now, "every": EVERY, "skew": SKEW}
    if row(DUE, values) != (False,):
        return True
    is_connected, seen = bool(announced(cursor)), row(INVALIDATOR)
    is_missing = bool(seen) and RESTARTING < now - seen[0] < MISSED
    if (is_connected and not seen) or (is_missing and not is_connected):
        return True
    if log and is_log_due(Path(log), row, now):
        return True
    cursor.execute(RECORD, [now, now, ["tick", *(["invalidator"] if is_connected else [])]])
    return False


def is_log_due(path: Path, row: Any, now: datetime) -> bool:
    """Whether this machine's log was rotated, or grew and wasn't read for EVERY."""
    if not path.exists():  # for a moment, while it is rotated
        return False
    first = first_line(path)
    read = row(LOG, [first])
    if not read:
        return bool(first)
    offset, read_at = read
    is_recent = read_at is not None and now - EVERY < read_at <= now + SKEW
    return path.stat().st_size != offset and not is_recent


def main() -> None:
    try:
        connection = connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            is_due = is_anything_due(cursor, os.environ.get("DOWNLOADS_LOG", ""), datetime.now(UTC))
        connection.close()
    except (Error, OSError, ValueError, KeyError):
        is_due = True
    if is_due:
        os.execv(sys.executable, [sys.executable, str(MANAGE), "tick"])  # noqa: S606


if __name__ == "__main__":
    main()
    if os.environ.get("PING_URL"):
        import logging.config  # with what requests the URL, this takes as long as the rest

        from ops.ping import ping
        from podcast.logs import logging_settings

        level = os.environ.get("LOG_LEVEL") or "INFO"
        logging.config.dictConfig(logging_settings("json", level, requests=False))
        ping(os.environ["PING_URL"], "tick")
