"""How an invalidator says that it runs, and what it has purged.

By its connection's application_name, which every role may set and read: so it needs no right to
write, also not on a replica, and what it said ends with its connection.
"""

from datetime import timedelta
from typing import Any

# After its end, an invalidator is missed from then until then; later, this is a site without nginx.
RESTARTING = timedelta(minutes=5)
MISSED = timedelta(days=30)
PREFIX = "podcast-invalidator "
STARTING = "starting"
LONGEST = 63  # bytes of an application_name
QUERY = """
SELECT application_name FROM pg_stat_activity
WHERE datname = current_database() AND starts_with(application_name, %s)
"""


def announce(cursor: Any, state: str) -> None:
    """Say the content version that the cache is purged up to, or why it can't be purged."""
    cursor.execute("SET application_name = %s", [f"{PREFIX}{state}"[:LONGEST]])


def announced(cursor: Any) -> list[str]:
    """What each connected invalidator has said. Raises Error."""
    cursor.execute(QUERY, [PREFIX])
    return [name.removeprefix(PREFIX) for (name,) in cursor.fetchall()]
