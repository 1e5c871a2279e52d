"""What stops a backup, a check or a restore, and how commands report it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.core.management.base import CommandError
from django.db import Error

from caching.db_outage import is_db_outage
from text.problems import reason_of


class BackupError(Exception):
    """Something the host can fix; `str()` says how."""


@contextmanager
def reported() -> Iterator[None]:
    """Turn what the host can fix into a CommandError."""
    try:
        yield
    except BackupError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(_message(error)) from error
    except (Error, psycopg2.Error) as error:
        hint = "\nCheck its address: DATABASE_URL, or --on." if is_db_outage(error) else ""
        raise CommandError(f"The database says: {str(error).strip()}{hint}") from error


def _message(error: OSError) -> str:
    reason = reason_of(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"No room left ({reason}). Complete backups remain valid. Free some space there, or "
            "name another place in BACKUP_URL or BACKUP_CACHE."
        )
    if isinstance(error, PermissionError):
        return f"Not allowed ({reason}). Give the user who runs this access: chown, chmod."
    return reason
